import { PortError } from '../../ports/error.ts'
import type { PushResult } from '../../ports/source.ts'
import { GitFailure, redact } from './errors.ts'
import type { Mirror } from './mirror.ts'
import { objectId } from './names.ts'

export interface ReferenceUpdate {
  /** Full name. */
  readonly reference: string
  readonly object: string
  /** The object's id last read, or empty when the reference must not exist (or be that very object). */
  readonly expected: string
  /** Stale where the reference was that very object already. */
  readonly mustMove?: boolean
}

/** What the server says when somebody else was first: our lease did not hold there, or the reference was locked by another push. */
const STALE =
  /stale info|fetch first|non-fast-forward|already exists|cannot lock ref|failed to lock|failed to update ref|incorrect old value|reference already exists|needs force/i

const PUSH: readonly string[] = [
  'push',
  '--porcelain',
  '--atomic',
  '--no-verify',
  '--no-follow-tags',
  '--no-signed',
  '--no-recurse-submodules',
]

/** All of the updates or none, each only if the reference is as it was last read. Full names and object ids: a bare lease is always stale on an annotated tag. */
export async function pushReferences(
  mirror: Mirror,
  updates: readonly ReferenceUpdate[],
): Promise<PushResult> {
  if (updates.length === 0) return { result: 'Pushed' }
  const leases = updates.map(
    ({ reference, expected }) =>
      `--force-with-lease=${reference}:${expected === '' ? '' : objectId(expected)}`,
  )
  const result = await mirror.remote([
    ...PUSH,
    ...leases,
    '--',
    mirror.address.url,
    ...updates.map(({ reference, object }) => `${objectId(object)}:${reference}`),
  ])
  const porcelain = result.stdout.toString('utf8')
  if (result.ended === 'exited' && result.exitCode === 0) {
    const stayed = updates.some(
      ({ mustMove, reference }) => mustMove === true && isUpToDate(porcelain, reference),
    )
    return { result: stayed ? 'Stale' : 'Pushed' }
  }
  const rejected = rejections(porcelain)
  if (result.ended !== 'exited' || rejected.length === 0) {
    throw mirror.failure(new GitFailure('push', result), 'push', true)
  }
  const causes = rejected.filter((reason) => !/atomic/i.test(reason))
  if (causes.length === 0 || causes.some((reason) => STALE.test(reason))) return { result: 'Stale' }
  throw pushRefused(causes[0] ?? '', redact(result.stderr, [mirror.address.token ?? '']))
}

/** The server had the very object there already: no lease is held against that. */
function isUpToDate(porcelain: string, reference: string): boolean {
  return porcelain.split('\n').some((line) => line.startsWith('=\t') && line.includes(`:${reference}\t`))
}

/** The reasons in brackets of the porcelain lines that begin with `!`. */
function rejections(porcelain: string): readonly string[] {
  return porcelain.split('\n').flatMap((line) => {
    const match = /^!\t[^\t]*\t\[[^\]]*\](?: \((.*)\))?/.exec(line)
    return match === null ? [] : [match[1] ?? '']
  })
}

function pushRefused(reason: string, stderr: string): PortError {
  const said = stderr
    .split(/[\r\n]+/)
    .flatMap((line) => /^remote: (.*\S)/.exec(line)?.[1] ?? [])
    .find((line) => !/^[-=*\s]*$/.test(line))
  const message = (said === undefined ? reason : `${said} (${reason})`).replaceAll(
    /[\u0000-\u001f\u007f]/g,
    '',
  )
  return new PortError(`the repository refused the push: ${message.slice(0, 400)}`, {
    code: 'SourceRefused',
    handling: 'stall',
    remedy:
      "Let Steersman's account push the tags below deploy/ (and, for pins, the branch) in the repository's rules and hooks.",
  })
}
