import type { DefaultedGate } from '../resources/types.ts'
import { duplicateNames } from './manifest/duplicates.ts'
import { sortIssues } from './manifest/issue.ts'
import type { Issue } from './manifest/issue.ts'
import { mergeOverlay } from './manifest/overlay-documents.ts'
import { readDocuments } from './manifest/read.ts'
import type { LocatedDocument } from './manifest/read.ts'
import { loadRelease } from './manifest/release.ts'
import type { LoadedRelease } from './manifest/release.ts'
import type { SourceFile } from './manifest/source-file.ts'
import { substitute } from './manifest/substitute.ts'
import type { SubstitutionValues } from './manifest/substitute.ts'
import { createTaskDefinitionReader } from './manifest/task-definition-file.ts'
import { relationIssues } from './manifest/relations.ts'
import { sortTree } from './manifest/tree.ts'

export { formatIssue } from './manifest/issue.ts'
export type { Issue } from './manifest/issue.ts'
export { releaseIssue, taskDefinitionIssue } from './manifest/release.ts'
export type { LoadedRelease } from './manifest/release.ts'
export { MAX_FILE_BYTES } from './manifest/source-file.ts'
export type { SourceFile } from './manifest/source-file.ts'
export type { SubstitutionValues } from './manifest/substitute.ts'

/** More issues than this in one commit are not told. */
const MAX_ISSUES = 1000

/**
 * Turns a commit's files into the releases of one environment, or into everything that is wrong with them, sorted. `files`
 * are the tree's entries below `path`; a release with an issue in any of its files is left out of `releases`. Never throws.
 */
export function loadManifests({
  files,
  path,
  environment,
  requiredGates,
  ignore = [],
}: {
  files: readonly SourceFile[]
  path: string
  /** Undefined: the base alone, and nothing that depends on the environment's name is checked. */
  environment: string | undefined
  requiredGates: readonly DefaultedGate[]
  /** What the environment leaves to others, beside what each release does. */
  ignore?: readonly string[] | undefined
}): { releases: LoadedRelease[]; issues: Issue[] } {
  const tree = sortTree({ files, path, environment })
  const issues = [...tree.issues]
  const documents: { document: LocatedDocument; file: string; overlay: string | undefined }[] = []
  for (const { base, overlay } of tree.pairs) {
    const read = readDocuments(base)
    const over = overlay ? readDocuments(overlay) : { documents: [], issues: [] }
    const merged = mergeOverlay({ base: read, overlay: over })
    issues.push(...read.issues, ...over.issues, ...merged.issues)
    documents.push(
      ...merged.documents.map((document) => ({ document, file: base.path, overlay: overlay?.path })),
    )
  }
  const readTaskDefinition = createTaskDefinitionReader({ files, path })
  const loadedFrom: { release: LoadedRelease; overlay: string | undefined }[] = []
  for (const { document, file, overlay } of documents) {
    const loaded = loadRelease({ document, file, environment, requiredGates, ignore, readTaskDefinition })
    issues.push(...loaded.issues)
    if (loaded.release) loadedFrom.push({ release: loaded.release, overlay })
  }
  const written = documents.map(({ document }) => document)
  issues.push(...duplicateNames(written))
  issues.push(...relationIssues({ loaded: loadedFrom.map(({ release }) => release), written }))
  const faulty = new Set<string | undefined>(issues.map(({ file }) => file))
  const sound = loadedFrom.filter(({ release, overlay }) => {
    const taskDefinition = release.taskDefinitionPlace?.node.source.path
    return ![release.file, overlay, taskDefinition].some((file) => file !== undefined && faulty.has(file))
  })
  return { releases: sound.map(({ release }) => release), issues: sortIssues(issues).slice(0, MAX_ISSUES) }
}

/** Puts the values into every text of the release's spec and of its task definition; unknown placeholders were issues before. */
export function substituteRelease(loaded: LoadedRelease, values: SubstitutionValues): LoadedRelease {
  const { release, taskDefinitionDocument } = loaded
  return {
    ...loaded,
    release: { ...release, spec: substitute(release.spec, values) },
    ...(taskDefinitionDocument ? { taskDefinitionDocument: substitute(taskDefinitionDocument, values) } : {}),
  }
}
