import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { PortError } from '../../ports/error.ts'
import type { FileEdit, PushResult } from '../../ports/source.ts'
import type { Mirror } from './mirror.ts'
import { branchReference, objectId, repositoryPath } from './names.ts'
import { pushReferences } from './push.ts'
import { signPayload } from './signing.ts'

export interface CommitRequest {
  readonly branch: string
  /** Where it is pushed to instead: a branch that must not exist. */
  readonly newBranch?: string | undefined
  readonly head: string
  readonly edits: readonly FileEdit[]
  readonly message: string
  readonly author: string
  readonly at: number
  readonly signingKeyFile?: string | undefined
}

const MAX_EDITS = 100
let indexNumber = 0

/** Puts edited files on top of `head` and pushes the commit if the branch still is there, or to a new branch; a file keeps its mode, a link is never written through. */
export async function commitFiles(
  mirror: Mirror,
  request: CommitRequest,
): Promise<PushResult & { readonly commit: string }> {
  const reference = branchReference(request.newBranch ?? request.branch)
  if (request.edits.length > MAX_EDITS) throw refused(`more than ${MAX_EDITS} files in one commit`)
  const tree = await writeTree(mirror, request)
  const commit = await writeCommit(mirror, request, tree)
  const pushed = await pushReferences(mirror, [
    {
      reference,
      object: commit,
      expected: request.newBranch === undefined ? objectId(request.head) : '',
      mustMove: request.newBranch !== undefined,
    },
  ])
  return { ...pushed, commit }
}

async function writeTree(mirror: Mirror, request: CommitRequest): Promise<string> {
  const indexFile = join(mirror.directory, `steersman-index-${process.pid}-${(indexNumber += 1)}`)
  const environment = { GIT_INDEX_FILE: indexFile }
  try {
    await mirror.local(['read-tree', objectId(request.head)], { environment })
    const lines: string[] = []
    for (const edit of request.edits) {
      const path = repositoryPath(edit.path)
      const mode = await fileMode(mirror, request.head, path)
      const object = await writeBlob(mirror, edit.text)
      lines.push(`${mode} ${object}\t${path}`)
    }
    const input = lines.map((line) => `${line}\0`).join('')
    if (input !== '') await mirror.local(['update-index', '-z', '--index-info'], { environment, input })
    return (await mirror.local(['write-tree'], { environment })).trim()
  } finally {
    await rm(indexFile, { force: true })
  }
}

async function fileMode(mirror: Mirror, head: string, path: string): Promise<string> {
  if (path === '') throw refused('an edit without a path')
  const entry = await mirror.local(['ls-tree', '-z', '--full-tree', objectId(head), '--', path])
  const mode = /^(\d{6}) /.exec(entry)?.[1] ?? '100644'
  if (mode !== '100644' && mode !== '100755') throw refused(`'${path}' is not a regular file`)
  return mode
}

async function writeBlob(mirror: Mirror, text: string): Promise<string> {
  const args = ['hash-object', '-w', '--no-filters']
  // simple-git leaves standard input open for an empty text.
  const output =
    text === ''
      ? await mirror.local([...args, '/dev/null'])
      : await mirror.local([...args, '--stdin'], { input: text })
  return output.trim()
}

async function writeCommit(mirror: Mirror, request: CommitRequest, tree: string): Promise<string> {
  if (!/^[^<>\n\0]* <[^<>\n\0]*>$/.test(request.author))
    throw refused(`author '${request.author}' is not 'Name <address>'`)
  const person = `${request.author} ${Math.floor(request.at / 1_000)} +0000`
  const headers = [
    `tree ${tree}`,
    `parent ${objectId(request.head)}`,
    `author ${person}`,
    `committer ${person}`,
  ]
  const message = `\n${request.message.replaceAll('\0', '').trim()}\n`
  const payload = [...headers, message].join('\n')
  const keyFile = request.signingKeyFile
  const signature =
    keyFile === undefined ? '' : await signPayload(mirror, { payload, keyFile, at: request.at })
  const header = signature === '' ? [] : [`gpgsig ${signature.trimEnd().replaceAll('\n', '\n ')}`]
  const input = [...headers, ...header, message].join('\n')
  return (await mirror.local(['hash-object', '-t', 'commit', '-w', '--stdin'], { input })).trim()
}

function refused(what: string): PortError {
  return new PortError(`the commit is refused: ${what}`, {
    code: 'SourceRefused',
    handling: 'stall',
    remedy: 'Edit regular files below spec.source.path only.',
  })
}
