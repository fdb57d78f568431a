import type { Source } from '../../ports/source.ts'
import { commitFiles } from './edits.ts'
import {
  countAhead,
  hasCommit,
  hasObject,
  isAncestor,
  newestTouching,
  readCommit,
  readCommitsBetween,
} from './history.ts'
import { openMirror, removeIfDamaged } from './mirror.ts'
import type { Mirror, MirrorOptions } from './mirror.ts'
import { tagReference } from './names.ts'
import { pushReferences } from './push.ts'
import { fetchReferences, readReferences } from './references.ts'
import { prepareTags, readTag } from './tags.ts'
import { readFiles } from './tree.ts'
import { verifyObject } from './verify.ts'

export { mirrorPath } from './address.ts'

/** A repository read through its bare mirror. Every method rejects with a PortError alone; sources of one mirror directory share it. */
export function createGitSource(options: MirrorOptions): Source {
  const ask = async <T>(
    operation: string,
    work: (mirror: Mirror) => Promise<T>,
    write = false,
  ): Promise<T> => {
    const mirror = await openMirror(options)
    try {
      return await work(mirror)
    } catch (error) {
      const failure = mirror.failure(error, operation, write)
      if (failure.code === 'MirrorDamaged') await removeIfDamaged(mirror)
      throw failure
    }
  }
  return {
    references: (request) => ask('ls-remote', (mirror) => readReferences(mirror, request)),
    fetch: (request) => ask('fetch', (mirror) => mirror.exclusively(() => fetchReferences(mirror, request))),
    hasCommit: (commit) => ask('cat-file', (mirror) => hasCommit(mirror, commit)),
    isAncestor: (ancestor, descendant) =>
      ask('rev-list', (mirror) => isAncestor(mirror, ancestor, descendant)),
    countAhead: (request) => ask('rev-list', (mirror) => countAhead(mirror, request)),
    files: (request) => ask('ls-tree', (mirror) => readFiles(mirror, request)),
    commit: (id) => ask('log', (mirror) => readCommit(mirror, id)),
    commitsBetween: (request) => ask('log', (mirror) => readCommitsBetween(mirror, request)),
    newestTouching: (request) => ask('log', (mirror) => newestTouching(mirror, request)),
    tag: (name) => ask('cat-file', (mirror) => readTag(mirror, name)),
    verify: (request) => ask('verify', (mirror) => verifyObject(mirror, request)),
    prepareTags: (request) => ask('mktag', (mirror) => prepareTags(mirror, request)),
    hasObject: (object) => ask('cat-file', (mirror) => hasObject(mirror, object)),
    pushTags: ({ tags }) => ask('push', (mirror) => pushReferences(mirror, tags.map(tagUpdate)), true),
    commitFiles: (request) => ask('push', (mirror) => commitFiles(mirror, request), true),
  }
}

function tagUpdate(
  tag: Parameters<Source['pushTags']>[0]['tags'][number],
): Parameters<typeof pushReferences>[1][number] {
  return { reference: tagReference(tag.name), object: tag.object, expected: tag.expected }
}
