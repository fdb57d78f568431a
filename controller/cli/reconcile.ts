import { environmentVerb } from './requests.ts'

/** `steersman reconcile ENVIRONMENT`. */
export const reconcileVerb = environmentVerb({
  name: 'reconcile',
  summary: 'look at an environment now instead of at the next interval',
  ask: (client, environment) => client.reconcileEnvironment(environment),
  done: (environment) => `${environment} is looked at now`,
})
