import { existsSync } from 'node:fs'

import type { Trust, Verification } from '../../ports/source.ts'
import { configArguments } from './mirror.ts'
import type { Mirror } from './mirror.ts'
import { LOCAL_CONFIG } from './environment.ts'
import { objectId } from './names.ts'
import type { ProcessResult } from './process.ts'
import { withGpgHome } from './signing.ts'
import { splitObject } from './tags.ts'
import { readObjects } from './tree.ts'

export interface VerifyRequest {
  readonly object: string
  readonly type: 'commit' | 'tag'
  /** The tag's short name: a signed tag object that names another tag was copied from there. */
  readonly tagName?: string
  readonly trust: Trust
}

type Check = (mirror: Mirror, request: VerifyRequest) => Promise<Verification>

/** Whether a commit or tag object is signed by somebody trusted, and by whom; every "no" says why in words for a person. */
export async function verifyObject(mirror: Mirror, request: VerifyRequest): Promise<Verification> {
  const id = objectId(request.object)
  const object = (await readObjects(mirror, [id])).get(id)
  if (object === undefined) return invalid(`object ${id} is not in the mirror`)
  if (object.type !== request.type) {
    return invalid(
      request.type === 'tag' ? 'the tag is lightweight: it has no signature' : `object ${id} is no commit`,
    )
  }
  const { headers, body } = splitObject(object.content.toString('utf8'))
  const signature =
    request.type === 'tag' ? body : (headers.get('gpgsig') ?? headers.get('gpgsig-sha256') ?? '')
  const named = headers.get('tag')
  if (request.tagName !== undefined && named !== request.tagName) {
    return invalid(`the signed tag object names tag '${named ?? ''}', not '${request.tagName}'`)
  }
  return checkFor(signature, request.type)(mirror, request)
}

function checkFor(signature: string, type: 'commit' | 'tag'): Check {
  if (/^-----BEGIN SSH SIGNATURE-----/m.test(signature)) return checkSsh
  if (/^-----BEGIN PGP (?:SIGNATURE|MESSAGE)-----/m.test(signature)) return checkGpg
  const why = /^-----BEGIN SIGNED MESSAGE-----/m.test(signature)
    ? `the ${type} has an X.509 signature; only SSH and GPG signatures are checked`
    : `the ${type} is not signed`
  return () => Promise.resolve(invalid(why))
}

const checkSsh: Check = async (mirror, request) => {
  const file = request.trust.allowedSigners
  if (file === undefined)
    return invalid('signed with an SSH key, but spec.source.verify.allowedSigners is not set')
  if (!existsSync(file)) return invalid(`the allowed-signers file ${file} does not exist`)
  const result = await runVerify(mirror, request, [`gpg.ssh.allowedSignersFile=${file}`], {})
  const good = /^Good "git" signature for (.+) with \S+ key \S+/m.exec(result.stderr)
  if (result.exitCode === 0 && good?.[1] !== undefined) return { valid: true, signer: good[1] }
  if (/no principal matched/i.test(result.stderr)) {
    return invalid(sshKeyReason(result.stderr))
  }
  return invalid('the SSH signature is bad: the object or the signature was changed after signing')
}

/** ssh-keygen finds no principal for an unknown key, and neither for one that was not valid at the time of the signature. */
function sshKeyReason(stderr: string): string {
  const key = /key (SHA256:\S+)/.exec(stderr)?.[1] ?? 'the key'
  return /expired|not yet valid|not valid at/i.test(stderr)
    ? `the SSH key ${key} was not valid when it signed`
    : `the SSH key ${key} is not in the allowed-signers file, or was not valid when it signed`
}

const checkGpg: Check = async (mirror, request) => {
  const keyring = request.trust.gpgKeyring
  if (keyring === undefined)
    return invalid('signed with a GPG key, but spec.source.verify.gpgKeyring is not set')
  if (!existsSync(keyring)) return invalid(`the GPG keyring ${keyring} does not exist`)
  return withGpgHome(mirror, async (home) => {
    const environment = { GNUPGHOME: home }
    const args = ['--quiet', '--no-autostart', '--import', '--', keyring]
    const imported = await mirror.program({ command: 'gpg', args, environment })
    if (imported.ended === 'notStarted') return invalid('gpg is not installed where the controller runs')
    if (imported.exitCode !== 0) return invalid(`the GPG keyring ${keyring} cannot be read`)
    return gpgVerdict(await runVerify(mirror, request, [], environment))
  })
}

/** GnuPG's status lines (doc/DETAILS), worst first: one object must have one good signature and nothing else. */
const GPG_REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /^\[GNUPG:\] BADSIG (\S+)/m,
    'the GPG signature is bad: the object or the signature was changed after signing; key',
  ],
  [/^\[GNUPG:\] NO_PUBKEY (\S+)/m, 'the GPG key is not in the keyring:'],
  [/^\[GNUPG:\] REVKEYSIG (\S+)/m, 'signed with a revoked GPG key:'],
  [/^\[GNUPG:\] EXPKEYSIG (\S+)/m, 'signed with an expired GPG key:'],
  [/^\[GNUPG:\] EXPSIG (\S+)/m, 'the GPG signature has expired; key'],
  [/^\[GNUPG:\] ERRSIG (\S+)/m, 'the GPG signature cannot be checked; key'],
]

function gpgVerdict(result: ProcessResult): Verification {
  const failed = GPG_REASONS.find(([pattern]) => pattern.test(result.stderr))
  if (failed !== undefined) return invalid(`${failed[1]} ${failed[0].exec(result.stderr)?.[1] ?? ''}`.trim())
  const good = /^\[GNUPG:\] GOODSIG \S+ (.+)$/m.exec(result.stderr)
  if (result.exitCode === 0 && good?.[1] !== undefined) return { valid: true, signer: good[1].trim() }
  return invalid('the GPG signature cannot be checked')
}

function runVerify(
  mirror: Mirror,
  request: VerifyRequest,
  settings: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ProcessResult> {
  return mirror.program({
    command: 'git',
    args: [
      ...configArguments([...LOCAL_CONFIG, ...settings]),
      `verify-${request.type}`,
      '--raw',
      objectId(request.object),
    ],
    environment,
  })
}

function invalid(reason: string): Verification {
  return { valid: false, reason }
}
