import type { Problem } from '../../resources/problem.ts'
import { nearestName } from '../../resources/validate/nearest.ts'
import type { Issue } from './issue.ts'
import { readDocuments } from './read.ts'
import type { LocatedDocument } from './read.ts'
import type { SourceFile } from './source-file.ts'
import { joinPath } from './tree.ts'

/** What a release's taskDefinition.file leads to: a document, a problem with the name, or issues in the file itself. */
export type TaskDefinitionRead = { document: LocatedDocument } | { problem: Problem } | { issues: Issue[] }

/** Reads the file that a release names, relative to the environment's path. */
export type TaskDefinitionReader = (file: string) => TaskDefinitionRead

/** Makes a reader that reads each file once, however many releases name it. */
export function createTaskDefinitionReader({
  files,
  path,
}: {
  files: readonly SourceFile[]
  path: string
}): TaskDefinitionReader {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const known = new Map<string, TaskDefinitionRead>()
  return (file) => {
    const wanted = joinPath(path, file)
    const before = known.get(wanted)
    if (before) return before
    const read = readFile({ wanted, byPath })
    known.set(wanted, read)
    return read
  }
}

function readFile({
  wanted,
  byPath,
}: {
  wanted: string
  byPath: ReadonlyMap<string, SourceFile>
}): TaskDefinitionRead {
  const file = byPath.get(wanted)
  if (!file) return { problem: notThere({ wanted, byPath }) }
  const { documents, issues } = readDocuments(file)
  if (issues.length > 0) return { issues }
  const [document, ...others] = documents
  if (document && others.length === 0) return { document }
  return { problem: problem(`${wanted} has ${documents.length} documents; expected one task definition`) }
}

function notThere({ wanted, byPath }: { wanted: string; byPath: ReadonlyMap<string, SourceFile> }): Problem {
  const folders = wanted.split('/').map((_, index, parts) => parts.slice(0, index).join('/'))
  const blocked = folders.find((folder) => (byPath.get(folder)?.mode ?? 'file') !== 'file')
  if (blocked !== undefined) return problem(`${blocked} is a symbolic link or a submodule; expected a folder`)
  const near = nearestName(
    wanted,
    [...byPath.keys()].filter((path) => Math.abs(path.length - wanted.length) <= 3),
  )
  return problem(
    `there is no file ${wanted} in the commit; expected ${near ?? 'the path of a task definition'}`,
  )
}

function problem(message: string): Problem {
  return { path: '/spec/taskDefinition/file', message, code: 'InvalidTaskDefinition', at: 'value' }
}
