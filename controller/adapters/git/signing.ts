import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { PortError } from '../../ports/error.ts'
import { redact } from './errors.ts'
import type { Mirror } from './mirror.ts'

interface SigningRequest {
  readonly payload: string
  readonly keyFile: string
  readonly at: number
}

/** An armored signature of a tag's or commit's text, made with an SSH private key or an exported GPG secret key (neither with a passphrase). */
export async function signPayload(mirror: Mirror, request: SigningRequest): Promise<string> {
  const key = await readKey(request.keyFile)
  return isGpgKey(key) ? signWithGpg(mirror, request) : signWithSsh(mirror, request)
}

/** A private GNUPGHOME for one command; it looks nothing up, trusts what it holds and is removed with its agent. */
export async function withGpgHome<T>(mirror: Mirror, work: (home: string) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'steersman-gpg-'))
  try {
    await writeFile(
      join(home, 'gpg.conf'),
      'batch\nno-tty\ntrust-model always\nno-auto-key-retrieve\nno-auto-key-locate\n',
    )
    return await work(home)
  } finally {
    await mirror.program({ command: 'gpgconf', args: ['--homedir', home, '--kill', 'all'] })
    await rm(home, { recursive: true, force: true })
  }
}

async function signWithSsh(mirror: Mirror, { payload, keyFile }: SigningRequest): Promise<string> {
  const result = await mirror.program({
    command: 'ssh-keygen',
    args: ['-q', '-Y', 'sign', '-n', 'git', '-f', keyFile],
    input: payload,
    environment: { SSH_ASKPASS_REQUIRE: 'never' },
  })
  return signatureOf(result, 'ssh-keygen')
}

async function signWithGpg(mirror: Mirror, { payload, keyFile, at }: SigningRequest): Promise<string> {
  return withGpgHome(mirror, async (home) => {
    const environment = { GNUPGHOME: home }
    const imported = await mirror.program({
      command: 'gpg',
      args: ['--quiet', '--import', '--', keyFile],
      environment,
    })
    if (imported.exitCode !== 0) throw signingFailed('gpg', imported.stderr)
    const time = `${Math.floor(at / 1_000)}!`
    const result = await mirror.program({
      command: 'gpg',
      args: ['--quiet', '--pinentry-mode', 'error', '--faked-system-time', time, '--armor', '--detach-sign'],
      input: payload,
      environment,
    })
    return signatureOf(result, 'gpg')
  })
}

function signatureOf(result: Awaited<ReturnType<Mirror['program']>>, program: string): string {
  const signature = result.stdout.toString('utf8')
  if (result.exitCode !== 0 || !signature.startsWith('-----BEGIN '))
    throw signingFailed(program, result.stderr)
  return signature
}

async function readKey(keyFile: string): Promise<Buffer> {
  try {
    return await readFile(keyFile)
  } catch (error) {
    throw signingFailed('reading the key', error instanceof Error ? error.message : String(error))
  }
}

/** An armored export, or a binary one: an OpenPGP secret-key packet (RFC 9580, section 4.2: tag 5 in the new or the old format). */
function isGpgKey(key: Buffer): boolean {
  const first = key[0] ?? 0
  return (
    key.toString('latin1').startsWith('-----BEGIN PGP PRIVATE KEY BLOCK-----') ||
    first === 0xc5 ||
    (first & 0xfc) === 0x94
  )
}

function signingFailed(program: string, stderr: string): PortError {
  const said = redact(stderr, [])
    .split('\n')
    .find((line) => line.trim() !== '' && !line.includes('WARNING'))
  const line = said ?? 'no message'
  return new PortError(`signing failed (${program}): ${line.slice(0, 300)}`, {
    code: 'SourceRefused',
    handling: 'stall',
    remedy:
      'Check spec.source.signingKeyFrom: a private key without passphrase, readable by the controller alone (mode 0600).',
  })
}
