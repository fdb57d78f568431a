import type { Config } from '../config.ts'
import { readConfig } from '../config.ts'
import { readConfigFiles } from './config-files.ts'

/** Reads and checks the configuration at a path; throws a ConfigError. */
export async function loadConfig(
  path: string,
  variables: Readonly<Record<string, string | undefined>>,
  flags: { readonly listen?: string | undefined; readonly logLevel?: string | undefined } = {},
): Promise<Config> {
  return readConfig({ ...(await readConfigFiles(path)), variables, flags })
}
