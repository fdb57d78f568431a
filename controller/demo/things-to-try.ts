import { ANY_VERSION } from './load.ts'
import type { Stage } from './stage.ts'

/** Tells a person what to play with while everything stays up. */
export function thingsToTry({ shop, cloud, controllerUrl, load, say }: Stage): void {
  load.expect(ANY_VERSION)
  const lines = [
    '',
    `It stays up. Watch ${controllerUrl} and try three things (Ctrl-C ends it):`,
    '',
    '1. Merge: let another version take the traffic.',
    `     cd ${shop.workingCopy}`,
    `     sed -i.bak -e '/pin:/d' -e 's/tag: .*/tag: v4/' deploy/releases/web.yaml && git commit -am 'Release v4' && git push`,
    '',
    '2. Pin: go back to what an earlier rollout served, in YAML.',
    `     npx steersman history demo/web --server ${controllerUrl}`,
    `     npx steersman pin demo/web --rollout 2 --reason 'I want it back' --config ${shop.configDirectory}`,
    '',
    '3. Break something: take the tasks away, and see them come back.',
    `     AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo AWS_DEFAULT_REGION=eu-west-1 aws --endpoint-url ${cloud.url} \\`,
    '       ecs update-service --cluster demo --service web-green --desired-count 1',
    `     npx steersman status demo --server ${controllerUrl}`,
  ]
  for (const line of lines) say(line)
}
