import {
  branchReference,
  objectId,
  repositoryPath,
  tagPrefixReference,
  tagReference,
} from '../../../controller/adapters/git/names.ts'
import type { ReferenceRequest, References, Source } from '../../../controller/ports/source.ts'
import { commitMissing } from './errors.ts'
import { commitFacts, tagFacts, verification } from './facts.ts'
import { commitsAhead, isInHistory, newestChange } from './history.ts'
import { assertSound } from './mirror.ts'
import type { MemoryMirror } from './mirror.ts'
import { copyObjects, peelToCommit } from './objects.ts'
import type { CommitObject } from './objects.ts'
import type { MemoryRemote } from './remote.ts'
import { listFiles } from './tree.ts'
import { editedCommit, preparedTag } from './writing.ts'

export { createMirror } from './mirror.ts'

/** Where a simulation delays, loses or breaks what goes to the forge. `effect` does it all at once, or throws a PortError. */
export interface GitGateway {
  call<T>(
    operation: 'references' | 'fetch' | 'pushTags' | 'commitFiles',
    writes: boolean,
    effect: () => T,
  ): Promise<T>
}

/** The port over memory, with the real adapter's answers and error codes; sources of one mirror share it, also after a controller's death. */
export function createMemorySource({
  remote,
  mirror,
  gateway = undisturbed,
}: {
  readonly remote: MemoryRemote
  readonly mirror: MemoryMirror
  readonly gateway?: GitGateway
}): Source {
  const local = <T>(work: () => T, writes = false): Promise<T> =>
    new Promise((resolve) => {
      assertSound(mirror, writes)
      resolve(work())
    })
  const forge = <T>(
    operation: Parameters<GitGateway['call']>[0],
    writes: boolean,
    effect: () => T,
  ): Promise<T> =>
    gateway.call(operation, writes, () => {
      remote.assertThere()
      return effect()
    })
  const reads = createReads(mirror)
  return {
    references: async (request) => {
      const names = fullNames(request)
      return forge('references', false, () => readReferences(remote, names))
    },
    fetch: async (request) => {
      const names = fullNames(request)
      await local(() => undefined)
      return forge('fetch', false, () => bringUpToDate(remote, mirror, names))
    },
    hasCommit: (commit) => local(() => mirror.objects.get(objectId(commit))?.type === 'commit'),
    hasObject: (object) => local(() => mirror.objects.has(objectId(object))),
    isAncestor: (ancestor, descendant) => local(() => reads.isAncestor(ancestor, descendant)),
    countAhead: (request) => local(() => reads.ahead(request.base, request.head).length),
    files: (request) => local(() => listFiles(reads.commit(request.commit).tree, request)),
    commit: (id) => local(() => commitFacts(reads.commit(id))),
    commitsBetween: ({ exclude, head, limit }) =>
      local(() =>
        reads
          .ahead(exclude, head)
          .slice(0, Math.max(0, Math.floor(limit)))
          .map(commitFacts),
      ),
    newestTouching: ({ head, paths }) =>
      local(() => newestChange(mirror.objects, reads.commit(head), paths.map(repositoryPath))?.id),
    tag: (name) => local(() => tagFacts(mirror, tagReference(name))),
    verify: (request) => local(() => verification(mirror, request)),
    prepareTags: (request) =>
      local(() => request.tags.map((tag) => preparedTag(mirror, { ...request, tag }))),
    pushTags: async ({ tags }) => {
      const updates = await local(() => tags.map(tagUpdate), true)
      if (updates.length === 0) return { result: 'Pushed' }
      return forge('pushTags', true, () => remote.receive(updates, mirror.objects))
    },
    commitFiles: async (request) => {
      const { branch, newBranch, head } = request
      const ref = branchReference(newBranch ?? branch)
      const commit = await local(() => editedCommit(mirror, request), true)
      const update = { ref, object: commit, expected: newBranch === undefined ? head : '' }
      const pushed = await forge('commitFiles', true, () =>
        newBranch !== undefined && remote.reference(ref) !== undefined
          ? { result: 'Stale' as const }
          : remote.receive([update], mirror.objects),
      )
      return { ...pushed, commit }
    },
  }
}

const undisturbed: GitGateway = { call: async (_operation, _writes, effect) => effect() }

/** What a request names, as git names it. */
export interface FullNames {
  readonly branch: string
  readonly prefix: string
  readonly otherTags: ReadonlySet<string>
}

export function fullNames(request: ReferenceRequest): FullNames {
  return {
    branch: branchReference(request.branch),
    prefix: tagPrefixReference(request.tagPrefix),
    otherTags: new Set((request.otherTags ?? []).map(tagReference)),
  }
}

/** What `git ls-remote` would show. */
export function readReferences(remote: MemoryRemote, { branch, prefix, otherTags }: FullNames): References {
  const tags = remote
    .referenceNames()
    .filter((name) => name.startsWith(prefix) || otherTags.has(name))
    .map((name) => remote.tagAt(name))
  return { head: remote.reference(branch), tags }
}

/** What `git fetch` would do. */
export function bringUpToDate(remote: MemoryRemote, mirror: MemoryMirror, names: FullNames): void {
  const isWanted = (name: string): boolean =>
    name === names.branch || name.startsWith(names.prefix) || names.otherTags.has(name)
  for (const name of mirror.references.keys()) {
    if (isWanted(name) && remote.reference(name) === undefined) mirror.references.delete(name)
  }
  for (const name of remote.referenceNames().filter(isWanted)) {
    const object = remote.reference(name) ?? ''
    copyObjects(remote.objects, mirror.objects, object)
    mirror.references.set(name, object)
  }
}

/** Answers from the local copy alone. */
export function createReads(mirror: MemoryMirror): {
  commit(id: string): CommitObject
  ahead(base: string, head: string): readonly CommitObject[]
  isAncestor(ancestor: string, descendant: string): boolean
} {
  const commit = (id: string): CommitObject => {
    const found = peelToCommit(mirror.objects, objectId(id))
    if (found === undefined) throw commitMissing(id)
    return found
  }
  return {
    commit,
    ahead: (base, head) => commitsAhead(mirror.objects, { base: commit(base), head: commit(head) }),
    isAncestor(ancestor, descendant) {
      const [older, newer] = [objectId(ancestor), objectId(descendant)].map((id) => mirror.objects.get(id))
      if (newer?.type !== 'commit') throw commitMissing(descendant)
      return older?.type === 'commit' && isInHistory(mirror.objects, older, newer)
    },
  }
}

function tagUpdate(
  tag: Parameters<Source['pushTags']>[0]['tags'][number],
): Parameters<MemoryRemote['receive']>[0][number] {
  const expected = tag.expected === '' ? '' : objectId(tag.expected)
  return { ref: tagReference(tag.name), object: objectId(tag.object), expected }
}
