import { peelToCommit } from './objects.ts'
import type { CommitObject, ObjectStore } from './objects.ts'
import { digestOf } from './tree.ts'

/** The commits that `head` has and `base` has not, newest first as `git log` walks: by commit time, children before parents of the same second. */
export function commitsAhead(
  objects: ObjectStore,
  { base, head }: { readonly base: CommitObject; readonly head: CommitObject },
): readonly CommitObject[] {
  const excluded = historyOf(objects, base)
  const ahead: CommitObject[] = []
  const queue = newQueue(head)
  for (let commit = queue.take(); commit !== undefined; commit = queue.take()) {
    if (excluded.has(commit.id)) continue
    ahead.push(commit)
    for (const parent of parentsOf(objects, commit)) queue.add(parent)
  }
  return ahead
}

/** Whether `ancestor` is `descendant` or in its history. */
export function isInHistory(objects: ObjectStore, ancestor: CommitObject, descendant: CommitObject): boolean {
  return historyOf(objects, descendant).has(ancestor.id)
}

/** The newest commit that changed a path; a merge that equals one of its parents there is that parent's history alone (git-log, "History Simplification"). */
export function newestChange(
  objects: ObjectStore,
  head: CommitObject,
  paths: readonly string[],
): CommitObject | undefined {
  if (paths.length === 0 || paths.includes('')) return head
  const isSame = (one: CommitObject, other: CommitObject): boolean =>
    one.tree.id === other.tree.id ||
    paths.every((path) => digestOf(one.tree, path) === digestOf(other.tree, path))
  const queue = newQueue(head)
  for (let commit = queue.take(); commit !== undefined; commit = queue.take()) {
    const child = commit
    const parents = parentsOf(objects, child)
    const same = parents.find((parent) => isSame(child, parent))
    if (same === undefined && (parents.length > 0 || paths.some((path) => digestOf(child.tree, path) !== '')))
      return child
    for (const parent of same === undefined ? parents : [same]) queue.add(parent)
  }
  return undefined
}

function historyOf(objects: ObjectStore, head: CommitObject): ReadonlySet<string> {
  const seen = new Set([head.id])
  const open = [head]
  for (let commit = open.pop(); commit !== undefined; commit = open.pop()) {
    for (const parent of parentsOf(objects, commit)) {
      if (seen.has(parent.id)) continue
      seen.add(parent.id)
      open.push(parent)
    }
  }
  return seen
}

function parentsOf(objects: ObjectStore, commit: CommitObject): readonly CommitObject[] {
  return commit.parents.flatMap((id) => peelToCommit(objects, id) ?? [])
}

/** Gives each commit once, the newest first; of the same second the one that was added first. */
function newQueue(head: CommitObject): {
  add(commit: CommitObject): void
  take(): CommitObject | undefined
} {
  const seen = new Set([head.id])
  const waiting = [head]
  return {
    add(commit) {
      if (seen.has(commit.id)) return
      seen.add(commit.id)
      const index = waiting.findIndex((other) => other.at < commit.at)
      waiting.splice(index < 0 ? waiting.length : index, 0, commit)
    },
    take: () => waiting.shift(),
  }
}
