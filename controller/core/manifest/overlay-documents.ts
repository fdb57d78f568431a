import { documentName } from './duplicates.ts'
import { issueAt } from './issue.ts'
import type { Issue } from './issue.ts'
import { mergePatch } from './overlay.ts'
import type { LocatedDocument } from './read.ts'

interface ReadFile {
  documents: LocatedDocument[]
  issues: readonly Issue[]
}

/**
 * Lays an overlay's documents over those of its base file: by name, or without a name over the only document. An overlay of
 * a file that could not be read is left for when it can.
 */
export function mergeOverlay({ base, overlay }: { base: ReadFile; overlay: ReadFile }): {
  documents: LocatedDocument[]
  issues: Issue[]
} {
  const documents = [...base.documents]
  const issues: Issue[] = []
  if (documents.length === 0 && base.issues.length > 0) return { documents, issues }
  for (const patch of overlay.documents) {
    const index = targetOf(base.documents, patch)
    const target = index === undefined ? undefined : documents[index]
    if (index === undefined || target === undefined) issues.push(withoutBase(base.documents, patch))
    else documents[index] = mergePatch(target, patch)
  }
  return { documents, issues }
}

function targetOf(documents: readonly LocatedDocument[], patch: LocatedDocument): number | undefined {
  const name = documentName(patch.value)
  if (name === undefined) return documents.length === 1 ? 0 : undefined
  const index = documents.findIndex((document) => documentName(document.value) === name)
  return index < 0 ? undefined : index
}

function withoutBase(documents: readonly LocatedDocument[], patch: LocatedDocument): Issue {
  const name = documentName(patch.value)
  const names = documents.map((document) => documentName(document.value)).filter((each) => each !== undefined)
  const known =
    names.length === 0 ? 'a document in the base file' : `the name of one of ${names.slice(0, 10).join(', ')}`
  const message =
    name === undefined
      ? `the base file has ${documents.length} documents and the overlay names none; expected ${known} as metadata.name`
      : `the overlay has nothing to lie over: the base file has no ${JSON.stringify(name.slice(0, 80))}; expected ${known}`
  const path = name === undefined ? '' : '/metadata/name'
  return issueAt(patch.node, { path, message, code: 'OverlayWithoutBase', at: 'value' })
}
