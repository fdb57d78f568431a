import { PortError } from '../../ports/error.ts'
import type { CommitFacts } from '../../ports/source.ts'
import { unreadable } from './errors.ts'
import type { Mirror } from './mirror.ts'
import { isObjectId, objectId, repositoryPath } from './names.ts'
import { parseTrailers } from './trailers.ts'
import { readObjects } from './tree.ts'

/** NUL-separated, in this order; the message is last. */
const COMMIT_FORMAT = '--format=%H%x00%P%x00%an <%ae>%x00%cn <%ce>%x00%ct%x00%s%x00%B'
const FIELDS = 7

/** Whether the mirror holds the object and it is a commit. */
export async function hasCommit(mirror: Mirror, commit: string): Promise<boolean> {
  const id = objectId(commit)
  const read = async () => (await readObjects(mirror, [id])).get(id)?.type === 'commit' || undefined
  return (await mirror.memory.ofObjects(['hasCommit', id], read)) ?? false
}

/** Whether the mirror holds the object, whatever its type. */
export async function hasObject(mirror: Mirror, object: string): Promise<boolean> {
  const id = objectId(object)
  return (await readObjects(mirror, [id])).has(id)
}

/** Whether nothing is reachable from `ancestor` that is not from `descendant`. A commit that the mirror has not is in nobody's history. */
export async function isAncestor(mirror: Mirror, ancestor: string, descendant: string): Promise<boolean> {
  const [older, newer] = [objectId(ancestor), objectId(descendant)]
  const answer = await mirror.memory.ofObjects(['isAncestor', older, newer], async () => {
    const present = await readObjects(mirror, [older, newer])
    if (present.get(newer)?.type !== 'commit') throw commitMissing(newer)
    if (present.get(older)?.type !== 'commit') return undefined
    return (await countAhead(mirror, { base: newer, head: older, limit: 1 })) === 0
  })
  return answer ?? false
}

/** How many commits `head` has that `base` has not; counting stops at `limit`. */
export function countAhead(
  mirror: Mirror,
  { base, head, limit = 100_000 }: { readonly base: string; readonly head: string; readonly limit?: number },
): Promise<number> {
  const command = ['rev-list', '--count', `--max-count=${limit}`, objectId(head), `^${objectId(base)}`, '--']
  return mirror.memory.ofObjects(command, async () => {
    const output = await mirror.local(command)
    if (!/^\d{1,15}\n?$/.test(output)) throw unreadable('rev-list')
    return Number(output)
  })
}

/** One commit's facts; its trailers are those of the message's last paragraph. */
export function readCommit(mirror: Mirror, id: string): Promise<CommitFacts> {
  const args = ['--max-count=1', '--no-walk', objectId(id), '--']
  return mirror.memory.ofObjects(args, async () => {
    const [commit] = await readLog(mirror, args)
    if (commit === undefined) throw commitMissing(id)
    return commit
  })
}

/** Commits in `exclude..head`, newest first. */
export function readCommitsBetween(
  mirror: Mirror,
  { exclude, head, limit }: { readonly exclude: string; readonly head: string; readonly limit: number },
): Promise<readonly CommitFacts[]> {
  const count = Math.max(0, Math.floor(limit))
  return readLog(mirror, [`--max-count=${count}`, objectId(head), `^${objectId(exclude)}`, '--'])
}

/** The newest commit that changed one of the paths, as `git log` simplifies history: a merge that adds nothing of its own is passed by. */
export function newestTouching(
  mirror: Mirror,
  { head, paths }: { readonly head: string; readonly paths: readonly string[] },
): Promise<string | undefined> {
  const checked = paths.map(repositoryPath)
  const limits = checked.includes('') || checked.length === 0 ? [] : checked
  const command = ['log', '--max-count=1', '--format=%H', objectId(head), '--', ...limits]
  return mirror.memory.ofObjects(command, async () => {
    const commit = (await mirror.local(command)).trim()
    if (commit !== '' && !isObjectId(commit)) throw unreadable('log')
    return commit || undefined
  })
}

async function readLog(mirror: Mirror, args: readonly string[]): Promise<readonly CommitFacts[]> {
  const output = await mirror.local(['log', '-z', '--no-color', '--no-mailmap', COMMIT_FORMAT, ...args])
  const fields = output.split('\0')
  if (fields.pop() !== '' || fields.length % FIELDS !== 0) throw unreadable('log')
  return Array.from({ length: fields.length / FIELDS }, (_, index) =>
    toCommit(fields.slice(index * FIELDS, (index + 1) * FIELDS)),
  )
}

function toCommit(fields: readonly string[]): CommitFacts {
  const [id = '', parents = '', author = '', committer = '', seconds = '', subject = '', message = ''] =
    fields
  const parentIds = parents.split(' ').filter((parent) => parent !== '')
  if (![id, ...parentIds].every(isObjectId) || !/^\d{1,12}$/.test(seconds)) throw unreadable('log')
  return {
    id,
    parents: parentIds,
    author,
    committer,
    committedAt: Number(seconds) * 1_000,
    subject,
    trailers: parseTrailers(message),
  }
}

function commitMissing(id: string): PortError {
  return new PortError(`commit ${id} is not in the mirror`, {
    code: 'CommitMissing',
    handling: 'retry',
    remedy: 'It is fetched again; a commit that no branch or tag reaches may be gone for good.',
  })
}
