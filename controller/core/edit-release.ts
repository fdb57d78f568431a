import { parseAllDocuments, stringify } from 'yaml'
import { isRecord } from '../resources/problem.ts'
import type { Pin } from '../resources/types.ts'
import type { PinPatch } from './edit-release/pin-patch.ts'
import { editJson } from './edit-release/json.ts'
import { editYaml } from './edit-release/yaml.ts'
import { documentName } from './manifest/duplicates.ts'
import { issueOfFile } from './manifest/issue.ts'
import type { Issue } from './manifest/issue.ts'
import { readDocuments } from './manifest/read.ts'
import type { LocatedDocument } from './manifest/read.ts'
import type { SourceFile } from './manifest/source-file.ts'
import { joinPath, sortTree } from './manifest/tree.ts'

export interface PinEdit {
  /** The commit's files below `path`. */
  readonly files: readonly SourceFile[]
  readonly path: string
  readonly environment: string
  readonly release: string
  /** Null takes the pin away. */
  readonly pin: Pin | null
}

/** A file as it shall be; `text` equals what is there when nothing has to change. */
export interface EditedFile {
  readonly path: string
  readonly text: string
}

/**
 * Sets or removes a release's pin in the overlay of one environment, which is made when there is none, so that no other environment is
 * touched. Comments and formatting stay; nothing but the pin changes. What can't be done is the Issue that says why.
 */
export function editPin({ files, path, environment, release, pin }: PinEdit): EditedFile | Issue {
  const { pairs } = sortTree({ files, path, environment })
  const found = pairs.map((pair) => ({ ...pair, ...documentsOf(pair) })).find((pair) => pair.has(release))
  if (found === undefined)
    return missing({ path, release, known: pairs.flatMap((pair) => documentsOf(pair).names) })
  const { base, overlay, bases } = found
  const basePin = pinOf(bases.find(({ value }) => documentName(value) === release)?.value)
  if (overlay === undefined) {
    const overlayPath = overlayOf({ base, path, environment })
    const wanted = overlayPin(pin, basePin)
    if (wanted === undefined) return { path: base.path, text: base.text }
    return { path: overlayPath, text: freshOverlay({ overlayPath, release, pin: wanted }) }
  }
  const read = readDocuments(overlay)
  const [issue] = read.issues
  if (issue !== undefined) return issue
  if (read.documents.filter(({ value }) => documentName(value) === release).length > 1)
    return issueOfFile(overlay.path, {
      message: `the overlay has several documents for ${release}, and the last would hide the pin of another; expected one`,
      code: 'DuplicateName',
    })
  const index = targetOf(read.documents, { release, bases: bases.length })
  const wanted = overlayPin(pin, basePin)
  if (index === undefined) {
    if (wanted === undefined) return { path: overlay.path, text: overlay.text }
    return appended({ overlay, release, pin: wanted })
  }
  const saysSo = JSON.stringify(rawPin(read.documents[index]?.value)) === JSON.stringify(wanted)
  return saysSo ? { path: overlay.path, text: overlay.text } : edited({ overlay, index, wanted })
}

function documentsOf({ base }: { base: SourceFile }): {
  bases: readonly LocatedDocument[]
  names: readonly string[]
  has: (release: string) => boolean
} {
  const bases = readDocuments(base).documents
  const names = bases.map(({ value }) => documentName(value)).filter((name) => name !== undefined)
  return { bases, names, has: (release) => names.includes(release) }
}

/** What the overlay must say, as a merge patch of the base's pin (RFC 7396): a member that the base has and the pin has not is null. */
function overlayPin(pin: Pin | null, basePin: unknown): PinPatch | undefined {
  if (pin === null) return basePin === undefined ? undefined : null
  const ofBase = Object.keys(isRecord(basePin) ? basePin : {}).filter((name) => !Object.hasOwn(pin, name))
  return { ...pin, ...Object.fromEntries(ofBase.map((name) => [name, null])) }
}

/** As overlays are matched when they are read: by name, or without one over the only document. */
function targetOf(
  documents: readonly LocatedDocument[],
  { release, bases }: { readonly release: string; readonly bases: number },
): number | undefined {
  const named = documents.findIndex(({ value }) => documentName(value) === release)
  if (named >= 0) return named
  const unnamed = documents.findIndex(({ value }) => documentName(value) === undefined)
  return unnamed >= 0 && bases === 1 ? unnamed : undefined
}

function edited({
  overlay,
  index,
  wanted,
}: {
  readonly overlay: SourceFile
  readonly index: number
  readonly wanted: PinPatch | undefined
}): EditedFile | Issue {
  const isOfJson = isJson(overlay.text)
  if (!isOfJson && !isEditable(overlay.text)) return notEditable(overlay.path)
  const edit = isOfJson ? editJson : editYaml
  return readable(overlay, edit({ text: overlay.text, index, pin: wanted }))
}

/** The edited file, unless the edit would make one that can't be read: what lies in the branch must load. */
function readable(overlay: SourceFile, text: string): EditedFile | Issue {
  return readDocuments({ ...overlay, text }).issues.length === 0
    ? { path: overlay.path, text }
    : notEditable(overlay.path)
}

function notEditable(path: string): Issue {
  const message =
    'the overlay is written in a way that can be read but not edited; expected plain YAML with a line feed after each line'
  return issueOfFile(path, { message, code: 'NotEditable' })
}

/** Edits are made with another YAML library than manifests are read with; it does not take a lone carriage return for the end of a line. */
function isEditable(text: string): boolean {
  return [...parseAllDocuments(text)].every(({ errors }) => errors.length === 0)
}

function appended({
  overlay,
  release,
  pin,
}: {
  readonly overlay: SourceFile
  readonly release: string
  readonly pin: PinPatch
}): EditedFile | Issue {
  const { path, text } = overlay
  const isEmpty = readDocuments(overlay).documents.length === 0
  if (isJson(text))
    return issueOfFile(path, {
      message: `the overlay has no document for ${release}, and a JSON file holds only one; expected an overlay in YAML`,
      code: 'OverlayWithoutBase',
    })
  const before = text === '' || text.endsWith('\n') ? text : `${text}\n`
  return readable(overlay, `${before}${isEmpty ? '' : '---\n'}${stringify(overlayDocument(release, pin))}`)
}

function freshOverlay({
  overlayPath,
  release,
  pin,
}: {
  readonly overlayPath: string
  readonly release: string
  readonly pin: PinPatch
}): string {
  const document = overlayDocument(release, pin)
  return overlayPath.toLowerCase().endsWith('.json')
    ? `${JSON.stringify(document, undefined, 2)}\n`
    : stringify(document, { lineWidth: 0 })
}

const overlayDocument = (release: string, pin: PinPatch): object => ({
  metadata: { name: release },
  spec: { pin },
})

function overlayOf({
  base,
  path,
  environment,
}: {
  readonly base: SourceFile
  readonly path: string
  readonly environment: string
}): string {
  const releases = `${joinPath(path, '')}releases/`
  return `${joinPath(path, '')}overlays/${environment}/${base.path.slice(releases.length)}`
}

/** Null and nothing are both no pin. */
const pinOf = (document: unknown): unknown => rawPin(document) ?? undefined

function rawPin(document: unknown): unknown {
  const spec = isRecord(document) ? document['spec'] : undefined
  return isRecord(spec) ? spec['pin'] : undefined
}

function isJson(text: string): boolean {
  try {
    return isRecord(JSON.parse(text))
  } catch {
    return false
  }
}

function missing({
  path,
  release,
  known,
}: {
  readonly path: string
  readonly release: string
  readonly known: readonly string[]
}): Issue {
  const names = known.length === 0 ? 'a Release there' : `one of ${known.slice(0, 10).join(', ')}`
  return issueOfFile(joinPath(path, 'releases'), {
    message: `there is no release ${JSON.stringify(release)}; expected ${names}`,
    code: 'ReleaseMissing',
  })
}
