import { environmentVerb } from './requests.ts'

/** `steersman pause ENVIRONMENT`. */
export const pauseVerb = environmentVerb({
  name: 'pause',
  summary: 'write nothing in an environment until it is resumed',
  ask: (client, environment) => client.pauseEnvironment(environment),
  done: (environment) =>
    `${environment} is paused: nothing is written until \`steersman resume ${environment}\``,
})
