import { isRecord } from '../../resources/problem.ts'
import type { Problem } from '../../resources/problem.ts'
import { mainImageOf } from '../../resources/images.ts'
import { findUnsupported } from '../../resources/supported.ts'
import type { DefaultedGate, DefaultedRelease } from '../../resources/types.ts'
import { validateRelease } from '../../resources/validate.ts'
import { joinIgnored } from '../ignore.ts'
import { checkConsistency } from './consistency.ts'
import { issueAt } from './issue.ts'
import type { Issue } from './issue.ts'
import { findOutputReferences, withStandIns } from './output-references.ts'
import type { OutputReference } from './output-references.ts'
import type { PositionNode } from './positions.ts'
import type { LocatedDocument } from './read.ts'
import { PLACEHOLDERS, findUnknownPlaceholders, restorePlaceholders, substitute } from './substitute.ts'
import type { Allowed } from './substitute.ts'
import { checkTaskDefinition } from './task-definition.ts'
import type { TaskDefinitionReader } from './task-definition-file.ts'

/** A release as a commit has it: the overlay merged, defaults and required gates put in, placeholders still in place. */
export interface LoadedRelease {
  release: DefaultedRelease
  /** Path of the base file. */
  file: string
  /** The task definition from the file or inline, as written. */
  taskDefinitionDocument?: Record<string, unknown>
  /** Names that Terraform's outputs hold, with stand-ins in their places; none once they are resolved. */
  outputReferences: readonly OutputReference[]
  /** Where each part was written, for issues that later checks find. */
  node: PositionNode
  taskDefinitionPlace?: Place
}

/** A document, and the pointer in it at which something begins. */
interface Place {
  node: PositionNode
  path: string
}

/** Gives a problem that was found later in a loaded release its position. */
export function releaseIssue(loaded: LoadedRelease, problem: Problem): Issue {
  return issueAt(loaded.node, problem)
}

/** Gives a problem with a loaded release's task definition its position, in the file or inline; its path begins at the task definition. */
export function taskDefinitionIssue(loaded: LoadedRelease, problem: Problem): Issue {
  const place = loaded.taskDefinitionPlace
  if (!place) return issueAt(loaded.node, { ...problem, path: '/spec/taskDefinition' })
  return issueAt(place.node, { ...problem, path: `${place.path}${problem.path}` })
}

interface ReleaseInput {
  document: LocatedDocument
  file: string
  environment: string | undefined
  requiredGates: readonly DefaultedGate[]
  ignore: readonly string[]
  readTaskDefinition: TaskDefinitionReader
}

/** Checks one merged document in full; with any issue there is no release. */
export function loadRelease(input: ReleaseInput): { release?: LoadedRelease; issues: Issue[] } {
  const { document, environment, requiredGates, ignore } = input
  const { value } = document
  if (!isRecord(value) || value['kind'] !== 'Release')
    return { issues: [issueAt(document.node, wrongKind(value))] }
  const { release, problems } = checkDocument(value, environment)
  if (!release) return { issues: problems.map((problem) => issueAt(document.node, problem)) }
  problems.push(...checkConsistency({ release, environment, requiredGates }))
  const issues = problems.map((problem) => issueAt(document.node, problem))
  const taskDefinition = findTaskDefinition({ ...input, release })
  issues.push(...taskDefinition.issues)
  if (issues.length > 0) return { issues }
  release.spec = joinIgnored(release.spec, ignore)
  release.spec.gates = [...release.spec.gates, ...requiredGates]
  const outputReferences = findOutputReferences(value)
  const loaded = { release, file: input.file, outputReferences, node: document.node, ...taskDefinition.found }
  return { release: loaded, issues }
}

function wrongKind(value: unknown): Problem {
  if (!isRecord(value)) {
    const message = 'the document is no object; expected a Release'
    return { path: '', message, code: 'WrongType', at: 'value' }
  }
  const kind = value['kind']
  if (kind === undefined) {
    const message = 'the document names no kind; expected kind Release'
    return { path: '', message, code: 'WrongKind', at: 'value' }
  }
  const message = `${JSON.stringify(kind).slice(0, 80)} is not read from here; expected kind Release`
  return { path: '/kind', message, code: 'WrongKind', at: 'value' }
}

/** Values that placeholders are taken for while the schema is checked; they have the form of the real ones. */
function sampleValues(environment = 'environment'): Parameters<typeof substitute>[1] {
  return {
    commit: 'c'.repeat(40),
    imageTag: 'tag',
    environment,
    region: 'eu-west-1',
    account: '123456789012',
  }
}

function checkDocument(
  value: Record<string, unknown>,
  environment: string | undefined,
): { release?: DefaultedRelease; problems: Problem[] } {
  const { spec } = value
  const named = withStandIns(value, findOutputReferences(value))
  const filled =
    spec === undefined ? named : { ...named, spec: substitute(named['spec'], sampleValues(environment)) }
  const checked = validateRelease(filled)
  const unsupported = findUnsupported(value)
  const problems = [...unsupported, ...findUnknownPlaceholders(spec, '/spec', allowedPlaceholders(value))]
  if (checked.ok) return { release: restorePlaceholders(checked.value, value) as DefaultedRelease, problems }
  const told = new Set(unsupported.map(({ path }) => path))
  return { problems: [...problems, ...checked.problems.filter(({ path }) => !told.has(path))] }
}

/** An image's own tag can't be made from itself, and a file is read before a commit's images are known. */
function allowedPlaceholders(document: unknown): Allowed {
  const tagged = hasTag(document)
  const withoutTag = PLACEHOLDERS.filter((name) => name !== 'imageTag')
  return (path) => {
    if (path === '/spec/taskDefinition/file') {
      return { names: ['environment'], because: 'the file is read before the rest is known' }
    }
    if (/^\/spec\/images?\//.test(path)) return { names: withoutTag, because: 'it is made from the image' }
    return tagged ? undefined : { names: withoutTag, because: 'the release has no image with a tag' }
  }
}

/** Whether the image of the container that takes the requests has a tag. */
function hasTag(document: unknown): boolean {
  const { spec, metadata } = isRecord(document) ? document : {}
  if (!isRecord(spec)) return false
  const { image, images, traffic } = spec
  const named = mainImageOf({
    metadata: { name: textIn(metadata, 'name') ?? '' },
    spec: {
      ...(isRecord(image) ? { image } : {}),
      ...(isRecord(images) ? { images: images as Record<string, Record<string, unknown>> } : {}),
      traffic: { container: textIn(traffic, 'container') },
    },
  })
  return isRecord(named?.image) && ('tag' in named.image || 'tagFromCommit' in named.image)
}

function textIn(value: unknown, field: string): string | undefined {
  const text = isRecord(value) ? value[field] : undefined
  return typeof text === 'string' ? text : undefined
}

interface FoundTaskDefinition {
  taskDefinitionDocument: Record<string, unknown>
  taskDefinitionPlace: Place
}

function findTaskDefinition(input: ReleaseInput & { release: DefaultedRelease }): {
  found?: FoundTaskDefinition
  issues: Issue[]
} {
  const { document, environment, release, readTaskDefinition } = input
  const { inline, file } = release.spec.taskDefinition
  if (inline) {
    const place = { node: document.node, path: '/spec/taskDefinition/inline' }
    return checkFound({
      place,
      value: inline,
      problems: checkTaskDefinition({ document: inline, release, environment }),
    })
  }
  const isOfEnvironment = file?.includes('${environment}') === true && environment === undefined
  if (file === undefined || isOfEnvironment) return { issues: [] }
  const read = readTaskDefinition(file.replaceAll('${environment}', environment ?? ''))
  if ('problem' in read) return { issues: [issueAt(document.node, read.problem)] }
  if ('issues' in read) return { issues: read.issues }
  const { value, node } = read.document
  const problems = checkTaskDefinition({ document: value, release, environment })
  problems.push(...findUnknownPlaceholders(value, '', allowedPlaceholders(release)))
  return checkFound({ place: { node, path: '' }, value, problems })
}

function checkFound({
  place,
  value,
  problems,
}: {
  place: Place
  value: unknown
  problems: readonly Problem[]
}): {
  found?: FoundTaskDefinition
  issues: Issue[]
} {
  const issues = problems.map((problem) =>
    issueAt(place.node, { ...problem, path: `${place.path}${problem.path}` }),
  )
  if (issues.length > 0 || !isRecord(value)) return { issues }
  return { found: { taskDefinitionDocument: value, taskDefinitionPlace: place }, issues }
}
