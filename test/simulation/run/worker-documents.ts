import { codeDeployFiles } from '../../support/machine/code-deploy.ts'
import { nativeFiles } from '../../support/machine/native-files.ts'
import { workerFiles } from '../../support/machine/worker-files.ts'
import type { SaidRelease } from './said.ts'
import type { Story } from './story.ts'

const SMOKE =
  '[{name: smoke, when: Verify, http: {path: /, expect: {status: 200}, successes: 2, interval: 1s}, timeout: 1m}]'

/** The documents of a release that is one service: without a load balancer, or with traffic that AWS moves. */
export function workerDocuments(story: Story, release: string, said: SaidRelease): Record<string, string> {
  if (story.strategy === 'code-deploy') return codeDeployDocuments(story, release, said)
  if (story.strategy === 'native') return nativeDocuments(story, release, said)
  const { version, desiredCount, pin } = said
  return workerFiles({
    release,
    version,
    desiredCount,
    bake: story.pace === 'careful' ? '40s' : '8s',
    deadline: '5m',
    supersede: story.supersede,
    pin: pin === undefined ? undefined : `{rollout: ${pin}, reason: "as it was"}`,
    gates:
      story.gates === 'task'
        ? '[{name: migrate, when: BeforeProvision, task: {command: [npm, run, migrate]}, timeout: 1m}]'
        : undefined,
  })
}

function nativeDocuments(
  story: Story,
  release: string,
  { version, desiredCount, pin }: SaidRelease,
): Record<string, string> {
  return nativeFiles({
    release,
    version,
    desiredCount,
    host: `${release}.example.com`,
    bake: story.pace === 'careful' ? '40s' : '8s',
    deadline: '5m',
    ...(story.supersede === undefined ? {} : { supersede: story.supersede }),
    ...(pin === undefined ? {} : { pin: `{rollout: ${pin}, reason: "as it was"}` }),
    gates: SMOKE,
  })
}

/** Each release has listeners of its own, on ports one after the other. */
function codeDeployDocuments(
  story: Story,
  release: string,
  { version, desiredCount, pin }: SaidRelease,
): Record<string, string> {
  const index = story.releases.indexOf(release)
  return codeDeployFiles({
    release,
    version,
    desiredCount,
    port: 80 + index,
    testPort: 8081 + index,
    bake: story.pace === 'careful' ? '40s' : '8s',
    deadline: '5m',
    ...(pin === undefined ? {} : { pin: `{rollout: ${pin}, reason: "as it was"}` }),
    gates: SMOKE,
  })
}
