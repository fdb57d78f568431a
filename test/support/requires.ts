import { spawnSync } from 'node:child_process'

/** How each program shows that it is there and works: a shim on the path that fails is as good as nothing. */
const PROBES = {
  aws: { command: 'aws', arguments: ['--version'], package: 'the AWS CLI' },
  boto3: { command: 'python3', arguments: ['-c', 'import boto3'], package: 'boto3' },
  chromium: { command: 'chromium', arguments: ['--version'], package: 'Chromium' },
  git: { command: 'git', arguments: ['--version'], package: 'git' },
  gpg: { command: 'gpg', arguments: ['--version'], package: 'GnuPG' },
  helm: {
    command: 'helm',
    arguments: ['version'],
    package: 'Helm (.ci/packages takes it from npm)',
  },
  kubectl: {
    command: 'kubectl',
    arguments: ['version', '--client'],
    package: 'kubectl (.ci/packages takes it from npm)',
  },
  moto: { command: 'moto_server', arguments: ['--help'], package: 'moto_server' },
  prometheus: {
    command: 'prometheus',
    arguments: ['--version'],
    package: 'Prometheus (Debian package prometheus)',
  },
  promtool: {
    command: 'promtool',
    arguments: ['--version'],
    package: 'promtool (Debian package prometheus)',
  },
  'ssh-keygen': {
    command: 'ssh-keygen',
    arguments: ['-?'],
    package: 'ssh-keygen (Debian package openssh-client)',
  },
  terraform: { command: 'terraform', arguments: ['version'], package: 'the Terraform CLI' },
} as const

/** A program that is not part of the clone and that some tests need. */
export type Requirement = keyof typeof PROBES

/** The programs that continuous integration must find, in a fixed order. */
export const REQUIREMENTS = Object.keys(PROBES) as Requirement[]

const PROBE_TIME_LIMIT_MS = 30_000
const known = new Map<Requirement, boolean>()

/**
 * Says what of the named programs is missing on this machine, for `describe.skipIf(found.missing !== undefined)`.
 * `title` adds the reason to a test's title, so that a skipped test says why. Where `STEERSMAN_REQUIRE_ALL` is `1`
 * (continuous integration) a missing program is thrown as an error instead: there nothing may be skipped.
 */
export function requires(...names: Requirement[]): {
  missing: string | undefined
  title: (text: string) => string
} {
  const absent = names.filter((name) => !isThere(name)).map((name) => PROBES[name].package)
  const missing = absent.length === 0 ? undefined : `${absent.join(', ')} not found`
  if (missing !== undefined && process.env['STEERSMAN_REQUIRE_ALL'] === '1') {
    throw new Error(
      `${missing}; STEERSMAN_REQUIRE_ALL=1 allows no test to be skipped; install it, or unset the variable`,
    )
  }
  return { missing, title: (text) => (missing === undefined ? text : `${text} (skipped: ${missing})`) }
}

/** Whether a program is on this machine and starts. Each is asked once in a process. */
export function isThere(name: Requirement): boolean {
  const remembered = known.get(name)
  if (remembered !== undefined) return remembered
  const { command, arguments: parameters } = PROBES[name]
  const { error, status } = spawnSync(command, parameters, { stdio: 'ignore', timeout: PROBE_TIME_LIMIT_MS })
  // ssh-keygen answers a question for its usage with status 1; a shell's "not found" is 126 or 127.
  const there = error === undefined && (status === 0 || (name === 'ssh-keygen' && status === 1))
  known.set(name, there)
  return there
}
