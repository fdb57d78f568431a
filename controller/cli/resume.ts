import { environmentVerb } from './requests.ts'

/** `steersman resume ENVIRONMENT`. */
export const resumeVerb = environmentVerb({
  name: 'resume',
  summary: 'end the pause, or the hold, of an environment',
  ask: (client, environment) => client.resumeEnvironment(environment),
  done: (environment) => `${environment} follows its branch again`,
})
