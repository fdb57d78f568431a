import { existsSync } from 'node:fs'

/**
 * The variables of this process that Terraform may see: where programs, certificates and proxies are, and how providers are
 * installed. `TF_VAR_…`, `TF_CLI_ARGS`, `TF_LOG`, `TF_TOKEN_…` and every credential of the controller are not among them.
 */
const INHERITED = [
  'PATH',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'AWS_CA_BUNDLE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'TF_PLUGIN_CACHE_DIR',
  'TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE',
  'TF_REGISTRY_CLIENT_TIMEOUT',
  'TF_REGISTRY_DISCOVERY_RETRY',
] as const

/** What the credentials of a request may be: settings of the AWS SDK, as providers and the s3 backend read them. */
const CREDENTIAL = /^AWS_[A-Z0-9_]+$/

/** Files of the machine that the SDK would read, and run the `credential_process` of. */
const REFUSED_CREDENTIALS: ReadonlySet<string> = new Set([
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
])

/** The whole environment of one Terraform process. */
export function terraformEnvironment({
  outer,
  home,
  temporary,
  user,
  credentials,
}: {
  readonly outer: NodeJS.ProcessEnv
  readonly home: string
  readonly temporary: string
  /** What a lock names as its holder, where the operating system has no name for the user. */
  readonly user: string
  readonly credentials: Readonly<Record<string, string>>
}): Readonly<Record<string, string>> {
  const inherited = INHERITED.flatMap((name) => {
    const value = outer[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  const given = Object.entries(credentials).filter(
    ([name]) => CREDENTIAL.test(name) && !REFUSED_CREDENTIALS.has(name),
  )
  return {
    ...Object.fromEntries(inherited),
    ...cliConfiguration(outer),
    ...Object.fromEntries(given),
    // The SDK's default files must not be found either, wherever the user's home is.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    HOME: home,
    TMPDIR: temporary,
    USER: user,
    LC_ALL: 'C',
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
  }
}

/** Terraform warns of a file that is not there; the variable may well be set to one. */
function cliConfiguration(outer: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const file = outer['TF_CLI_CONFIG_FILE']
  return file !== undefined && existsSync(file) ? { TF_CLI_CONFIG_FILE: file } : {}
}
