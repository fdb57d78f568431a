import { releaseVerb } from './requests.ts'

/** `steersman retry ENVIRONMENT/RELEASE`. */
export const retryVerb = releaseVerb({
  name: 'retry',
  summary: 'try a version that failed again',
  ask: (client, key) => client.retryRelease(key),
  done: (release) => `${release} is tried again; follow it with \`steersman status\``,
})
