import { parseTrailers } from '../../../controller/adapters/git/trailers.ts'
import type { CommitFacts, TagFacts, Verification } from '../../../controller/ports/source.ts'
import type { VerifyRequest } from '../../../controller/adapters/git/verify.ts'
import type { MemoryMirror } from './mirror.ts'
import { peelToCommit } from './objects.ts'
import type { CommitObject } from './objects.ts'

/** A commit as the port tells it. */
export function commitFacts(commit: CommitObject): CommitFacts {
  return {
    id: commit.id,
    parents: commit.parents,
    author: commit.author,
    committer: commit.author,
    committedAt: commit.at,
    subject: subjectOf(commit.message),
    trailers: parseTrailers(commit.message),
  }
}

/** The mirror's tag of this full name; for a lightweight one the commit's author and time stand in. */
export function tagFacts(mirror: MemoryMirror, reference: string): TagFacts | undefined {
  const id = mirror.references.get(reference) ?? ''
  const object = mirror.objects.get(id)
  const commit = peelToCommit(mirror.objects, id)
  if (object === undefined || commit === undefined) return undefined
  const message = object.type === 'tag' ? object.message : ''
  return {
    name: reference.slice('refs/tags/'.length),
    object: id,
    commit: commit.id,
    annotated: object.type === 'tag',
    tagger: object.type === 'tag' ? object.tagger : object.author,
    taggedAt: object.at,
    message: message.trimEnd(),
    trailers: parseTrailers(message),
  }
}

/** Whether the object carries a signature, and where a tag's name is asked, under that name. Any trust trusts every signer. */
export function verification(mirror: MemoryMirror, request: VerifyRequest): Verification {
  const object = mirror.objects.get(request.object)
  if (object === undefined) return invalid(`object ${request.object} is not in the mirror`)
  if (object.type !== request.type) {
    return invalid(
      request.type === 'tag'
        ? 'the tag is lightweight: it has no signature'
        : `object ${request.object} is no commit`,
    )
  }
  const named = object.type === 'tag' ? object.name : undefined
  if (request.tagName !== undefined && named !== request.tagName) {
    return invalid(`the signed tag object names tag '${named ?? ''}', not '${request.tagName}'`)
  }
  if (object.signer === undefined) return invalid(`the ${request.type} is not signed`)
  const { allowedSigners, gpgKeyring } = request.trust
  return allowedSigners === undefined && gpgKeyring === undefined
    ? invalid('signed with an SSH key, but spec.source.verify.allowedSigners is not set')
    : { valid: true, signer: object.signer }
}

/** The first paragraph on one line, as `git log --format=%s` gives it. */
function subjectOf(message: string): string {
  const lines = message.split('\n').map((line) => line.trimEnd())
  const start = lines.findIndex((line) => line !== '')
  if (start < 0) return ''
  const end = lines.indexOf('', start)
  return lines.slice(start, end < 0 ? undefined : end).join(' ')
}

function invalid(reason: string): Verification {
  return { valid: false, reason }
}
