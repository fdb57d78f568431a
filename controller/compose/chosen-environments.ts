import type { Config } from '../config.ts'
import { PortError } from '../ports/error.ts'
import type { DefaultedEnvironment } from '../resources/types.ts'

/** The environments that a command is about: the one that it names, or all. Throws PortError `EnvironmentMissing` (stall). */
export function chosenEnvironments(
  { environments }: Config,
  { environment, config }: { readonly environment: string | undefined; readonly config: string },
): readonly DefaultedEnvironment[] {
  if (environment === undefined) return environments
  const found = environments.filter(({ metadata }) => metadata.name === environment)
  if (found.length > 0) return found
  throw new PortError(`${config} has no environment ${JSON.stringify(environment)}`, {
    code: 'EnvironmentMissing',
    handling: 'stall',
    remedy: 'correct the name, or give the config that has it',
  })
}
