import { releaseVerb } from './requests.ts'

/** `steersman restart ENVIRONMENT/RELEASE`. */
export const restartVerb = releaseVerb({
  name: 'restart',
  summary: 'swap to fresh tasks of the same version, for rotated secrets',
  ask: (client, key) => client.restartRelease(key),
  done: (release) => `${release} is restarted by a swap; follow it with \`steersman status\``,
})
