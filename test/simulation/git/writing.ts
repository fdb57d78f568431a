import { objectId, repositoryPath, tagReference } from '../../../controller/adapters/git/names.ts'
import type { NewTag, PreparedTag, Source } from '../../../controller/ports/source.ts'
import { refused, unavailable } from './errors.ts'
import type { MemoryMirror } from './mirror.ts'
import { makeCommit, makeTag, peelToCommit } from './objects.ts'
import { changeTree, modeAt } from './tree.ts'
import type { FileEntry, Tree } from './tree.ts'

const STEERSMAN_IDENTITY = 'Steersman <steersman@steersman.dev>'
const SIGNATURE = /^-----BEGIN (?:SSH|PGP) (?:SIGNATURE|MESSAGE)-----$/m
const MAX_EDITS = 100

/** Puts the annotated tag's object into the mirror, without a reference; a signing key's path stands for its signer. */
export function preparedTag(
  mirror: MemoryMirror,
  request: { readonly tag: NewTag; readonly at: number; readonly signingKeyFile: string | undefined },
): PreparedTag {
  const { name, commit, message } = request.tag
  tagReference(name)
  if (message.includes('\0') || SIGNATURE.test(message)) {
    throw refused(`the message of tag ${name} holds what no message may hold`)
  }
  if (mirror.objects.get(objectId(commit))?.type !== 'commit') {
    throw unavailable(`could not read the commit ${commit} that tag ${name} is to name`, false)
  }
  const object = makeTag({
    target: commit,
    targetType: 'commit',
    name,
    tagger: STEERSMAN_IDENTITY,
    at: request.at,
    message: `${message.trim()}\n`,
    signer: request.signingKeyFile,
  })
  mirror.objects.set(object.id, object)
  return { name, object: object.id, commit }
}

/** Puts the commit of edited files on top of `head` into the mirror; returns its id. A file keeps its mode, a link is never written through. */
export function editedCommit(mirror: MemoryMirror, request: Parameters<Source['commitFiles']>[0]): string {
  if (request.edits.length > MAX_EDITS) throw refused(`more than ${MAX_EDITS} files in one commit`)
  const head = peelToCommit(mirror.objects, objectId(request.head))
  if (head === undefined) throw unavailable(`failed to unpack tree object ${request.head}`, true)
  const files = new Map(request.edits.map((edit) => editedFile(head.tree, edit)))
  if (!/^[^<>\n\0]* <[^<>\n\0]*>$/.test(request.author)) {
    throw refused(`author '${request.author}' is not 'Name <address>'`)
  }
  const commit = makeCommit({
    tree: changeTree(head.tree, { files, removed: [] }),
    parents: [request.head],
    author: request.author,
    at: request.at,
    message: `${request.message.replaceAll('\0', '').trim()}\n`,
    signer: request.signingKeyFile,
  })
  mirror.objects.set(commit.id, commit)
  return commit.id
}

function editedFile(
  tree: Tree,
  edit: { readonly path: string; readonly text: string },
): readonly [string, FileEntry] {
  const path = repositoryPath(edit.path)
  if (path === '') throw refused('an edit without a path')
  const mode = modeAt(tree, path)
  if (mode === undefined || mode === '100644') return [path, edit.text]
  if (mode === '100755') return [path, { mode: 'executable', bytes: Buffer.from(edit.text) }]
  throw refused(`'${path}' is not a regular file`)
}
