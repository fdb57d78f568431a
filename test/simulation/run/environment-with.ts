import type { DefaultedEnvironment } from '../../../controller/resources/types.ts'
import type { EnvironmentSpec } from '../../support/machine/environment.ts'
import { environmentOf } from '../../support/machine/environment.ts'
import { ENVIRONMENT } from '../aws/shape.ts'

/** Environments that are kept: runs differ in few of their members. */
const MOST_ENVIRONMENTS = 500
const environments = new Map<string, DefaultedEnvironment>()

/** The Environment of the stories with members of its spec replaced. */
export function environmentWith(spec: EnvironmentSpec): DefaultedEnvironment {
  const key = JSON.stringify(spec)
  const known = environments.get(key)
  if (known !== undefined) return known
  const fresh = environmentOf(ENVIRONMENT, { path: '/repository', spec })
  if (environments.size >= MOST_ENVIRONMENTS) environments.clear()
  environments.set(key, fresh)
  return fresh
}
