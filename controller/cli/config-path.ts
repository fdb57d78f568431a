import type { CommandContext } from './context.ts'
import { CommandError } from './errors.ts'

/** Where the configuration is: the flag before the variable. */
export function configPath(
  given: string | undefined,
  { variables }: Pick<CommandContext, 'variables'>,
): string {
  const path = given ?? variables['STEERSMAN_CONFIG']
  if (path !== undefined && path !== '') return path
  throw new CommandError('no configuration was named', {
    why: 'it says which environments there are',
    remedy: 'give --config PATH or set STEERSMAN_CONFIG',
  })
}
