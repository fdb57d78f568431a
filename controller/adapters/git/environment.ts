import type { Repository } from '../../ports/source.ts'
import type { Address } from './address.ts'

/** The variables of this process that a child may see: where programs, certificates and proxies are, and nothing else. */
const INHERITED = [
  'PATH',
  'TMPDIR',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'HTTPS_PROXY',
  'https_proxy',
  'NO_PROXY',
  'no_proxy',
  'SystemRoot',
] as const

/** Seconds after which a silent ssh or http connection is given up by the transport itself. */
const CONNECT_SECONDS = 20

export type ChildEnvironment = Readonly<Record<string, string>>

/**
 * The environment of every child: no configuration of the system or the user, no prompt, no replaced objects, pathspecs taken literally, messages in
 * English (they are read). HOME is the mirror, so that neither `.netrc` nor `.config/git` of the user is found.
 */
export function localEnvironment(mirrorDir: string, outer: NodeJS.ProcessEnv): ChildEnvironment {
  const inherited = INHERITED.flatMap((name) => {
    const value = outer[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    ...Object.fromEntries(inherited),
    HOME: mirrorDir,
    LC_ALL: 'C',
    GIT_DIR: mirrorDir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_ATTR_NOSYSTEM: '1',
  }
}

/** What a command that talks to the repository sees on top: the one allowed transport, and how to prove who we are. */
export function remoteEnvironment({
  base,
  address,
  credentials,
  safeDirectoryFile,
  outer,
}: {
  readonly base: ChildEnvironment
  readonly address: Address
  readonly credentials: Repository['credentials']
  readonly safeDirectoryFile: string
  readonly outer: NodeJS.ProcessEnv
}): ChildEnvironment {
  const environment: Record<string, string> = {
    ...base,
    GIT_ALLOW_PROTOCOL: address.protocol,
    GIT_ASKPASS: '',
  }
  if (address.protocol === 'https') Object.assign(environment, certificateAuthorities(outer))
  if (address.protocol === 'file') environment['GIT_CONFIG_GLOBAL'] = safeDirectoryFile
  if (address.token !== undefined) {
    environment['STEERSMAN_GIT_USERNAME'] = address.username ?? ''
    environment['STEERSMAN_GIT_TOKEN'] = address.token
  }
  if (address.protocol === 'ssh') {
    environment['GIT_SSH_COMMAND'] = sshCommand(credentials)
    environment['GIT_SSH_VARIANT'] = 'ssh'
    const agent = outer['SSH_AUTH_SOCK']
    if (credentials?.sshKeyFile === undefined && agent !== undefined) environment['SSH_AUTH_SOCK'] = agent
  }
  return environment
}

/** curl that was built with GnuTLS, as Debian's git uses it, does not read the variables of OpenSSL: git's own are set from them. */
function certificateAuthorities(outer: NodeJS.ProcessEnv): ChildEnvironment {
  const { SSL_CERT_FILE, SSL_CERT_DIR } = outer
  return {
    ...(SSL_CERT_FILE === undefined ? {} : { GIT_SSL_CAINFO: SSL_CERT_FILE }),
    ...(SSL_CERT_DIR === undefined ? {} : { GIT_SSL_CAPATH: SSL_CERT_DIR }),
  }
}

/** Settings of every command, beside the mirror's own configuration, which nobody but us writes. */
export const LOCAL_CONFIG: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.symlinks=false',
  'core.useReplaceRefs=false',
  'core.quotePath=false',
  'protocol.allow=never',
  'gc.autoDetach=false',
  'log.showSignature=false',
  'i18n.logOutputEncoding=UTF-8',
]

/** Settings of the commands that talk to the repository. The token stays in the environment: the helper names the variable only. */
export function remoteConfig(address: Address): readonly string[] {
  const shared = [
    ...LOCAL_CONFIG,
    `protocol.${address.protocol}.allow=always`,
    'core.fsmonitor=false',
    'core.askPass=',
    'credential.helper=',
    'transfer.fsckObjects=true',
    'transfer.credentialsInUrl=die',
    'fetch.fsck.missingSpaceBeforeDate=ignore',
    'fetch.fsck.badTimezone=ignore',
    'fetch.fsck.zeroPaddedFilemode=ignore',
    'fetch.recurseSubmodules=false',
    'fetch.writeCommitGraph=false',
    'push.recurseSubmodules=no',
    'push.gpgSign=false',
    'submodule.recurse=false',
    'http.followRedirects=initial',
    'http.lowSpeedLimit=1',
    `http.lowSpeedTime=${CONNECT_SECONDS}`,
  ]
  return address.token === undefined || address.origin === undefined
    ? shared
    : [...shared, `credential.${address.origin}.helper=${CREDENTIAL_HELPER}`]
}

/** Bound to the repository's own origin, so that a redirect to another host gets no token. */
const CREDENTIAL_HELPER =
  '!steersman() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$STEERSMAN_GIT_USERNAME" "$STEERSMAN_GIT_TOKEN"; }; steersman'

function sshCommand(credentials: Repository['credentials']): string {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    'UpdateHostKeys=no',
    'ForwardAgent=no',
    'ClearAllForwardings=yes',
    'PermitLocalCommand=no',
    'ControlPath=none',
    `ConnectTimeout=${CONNECT_SECONDS}`,
    'ServerAliveInterval=10',
    'ServerAliveCountMax=2',
    ...(credentials?.sshKeyFile === undefined
      ? []
      : ['IdentitiesOnly=yes', `IdentityFile=${sshPath(credentials.sshKeyFile)}`]),
    ...(credentials?.knownHostsFile === undefined
      ? []
      : [`UserKnownHostsFile=${sshPath(credentials.knownHostsFile)}`, 'GlobalKnownHostsFile=/dev/null']),
  ]
  return ['ssh', '-F', '/dev/null', ...options.flatMap((option) => ['-o', option])].map(shellQuoted).join(' ')
}

/** OpenSSH splits these options at blanks and expands `%`: the quotes and the doubling keep a path whole. */
function sshPath(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`
}

function shellQuoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
