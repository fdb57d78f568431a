import { basename } from 'node:path'
import type { SourceFile } from '../core/manifest.ts'
import { mergeOverlay } from '../core/manifest/overlay-documents.ts'
import { readDocuments } from '../core/manifest/read.ts'
import { joinPath } from '../core/manifest/tree.ts'
import type { offlineDiff } from '../core/offline-diff.ts'
import { isRecord } from '../resources/problem.ts'
import type { ReleaseSpec } from '../resources/types.ts'
import { CommandError } from './errors.ts'

type OfflineRelease = Parameters<typeof offlineDiff>[0]['release']

/** The one release of a tree, its overlay laid over, without defaults: for a document whose schema was checked before. */
export function releaseAsWritten(
  tree: readonly SourceFile[],
  { file, environment }: { readonly file: string; readonly environment: string | undefined },
): OfflineRelease {
  const base = tree.find(({ path }) => path === `releases/${basename(file)}`)
  const overlay = tree.find(
    ({ path }) => environment !== undefined && path.startsWith(`overlays/${environment}/`),
  )
  const nothing = { documents: [], issues: [] }
  const { documents } = mergeOverlay({
    base: base === undefined ? nothing : readDocuments(base),
    overlay: overlay === undefined ? nothing : readDocuments(overlay),
  })
  const [first, second] = documents
  if (first === undefined || second !== undefined) throw notOne(file, documents.length)
  const { metadata, spec } = isRecord(first.value) ? first.value : {}
  const name = isRecord(metadata) ? metadata['name'] : undefined
  const definition = taskDefinitionOf(tree, spec, environment)
  return {
    name: typeof name === 'string' ? name : '',
    spec: (isRecord(spec) ? spec : {}) as unknown as ReleaseSpec,
    ...(definition === undefined ? {} : { taskDefinitionDocument: definition }),
  }
}

/** That a file does not hold exactly one release. */
export function notOne(file: string, count: number): CommandError {
  return new CommandError(`${file} holds ${count} releases`, { remedy: 'give a file with one' })
}

function taskDefinitionOf(
  tree: readonly SourceFile[],
  spec: unknown,
  environment: string | undefined,
): Record<string, unknown> | undefined {
  const source = isRecord(spec) ? spec['taskDefinition'] : undefined
  const name = isRecord(source) ? source['file'] : undefined
  if (typeof name !== 'string') return undefined
  const wanted = joinPath('.', name.replaceAll('${environment}', environment ?? '${environment}'))
  const file = tree.find(({ path }) => path === wanted)
  const value = file === undefined ? undefined : readDocuments(file).documents[0]?.value
  return isRecord(value) ? value : undefined
}
