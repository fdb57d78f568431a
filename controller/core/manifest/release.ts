import { isRecord } from '../../resources/problem.ts'
import type { Problem } from '../../resources/problem.ts'
import { findOutputReferences, findUnsupported } from '../../resources/supported.ts'
import type { DefaultedGate, DefaultedRelease } from '../../resources/types.ts'
import { validateRelease } from '../../resources/validate.ts'
import { checkConsistency } from './consistency.ts'
import { issueAt } from './issue.ts'
import type { Issue } from './issue.ts'
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
  /** Where each part was written, for issues that later checks find. */
  node: PositionNode
  taskDefinitionNode?: PositionNode
}

interface ReleaseInput {
  document: LocatedDocument
  file: string
  environment: string
  requiredGates: readonly DefaultedGate[]
  readTaskDefinition: TaskDefinitionReader
}

/** Checks one merged document in full; with any issue there is no release. */
export function loadRelease(input: ReleaseInput): { release?: LoadedRelease; issues: Issue[] } {
  const { document, environment, requiredGates } = input
  const misplaced = wrongKind(document.value)
  if (misplaced) return { issues: [issueAt(document.node, misplaced)] }
  const { release, problems } = checkDocument(document.value, environment)
  if (!release) return { issues: problems.map((problem) => issueAt(document.node, problem)) }
  problems.push(...checkConsistency({ release, environment, requiredGates }))
  const issues = problems.map((problem) => issueAt(document.node, problem))
  const taskDefinition = findTaskDefinition({ ...input, release })
  issues.push(...taskDefinition.issues)
  if (issues.length > 0) return { issues }
  release.spec.gates = [...release.spec.gates, ...requiredGates]
  return { release: { release, file: input.file, node: document.node, ...taskDefinition.found }, issues }
}

function wrongKind(value: unknown): Problem | undefined {
  if (!isRecord(value)) {
    return {
      path: '',
      message: 'the document is no object; expected a Release',
      code: 'WrongType',
      at: 'value',
    }
  }
  const kind = value['kind']
  if (kind === 'Release') return undefined
  const found =
    kind === undefined
      ? 'the document names no kind'
      : `${JSON.stringify(kind).slice(0, 80)} is not read from here`
  return {
    path: kind === undefined ? '' : '/kind',
    message: `${found}; expected kind Release`,
    code: 'WrongKind',
    at: 'value',
  }
}

/** Values that placeholders are taken for while the schema is checked; they have the form of the real ones. */
function sampleValues(environment: string): Parameters<typeof substitute>[1] {
  return {
    commit: 'c'.repeat(40),
    imageTag: 'tag',
    environment,
    region: 'eu-west-1',
    account: '123456789012',
  }
}

function checkDocument(
  value: unknown,
  environment: string,
): { release?: DefaultedRelease; problems: Problem[] } {
  const spec = isRecord(value) ? value['spec'] : undefined
  const filled = isRecord(value) ? { ...value, spec: substitute(spec, sampleValues(environment)) } : value
  const outputs = findOutputReferences(value)
  const checked = validateRelease(filled)
  const problems = [
    ...outputs,
    ...findUnsupported(value),
    ...findUnknownPlaceholders(spec, '/spec', allowedPlaceholders(value)),
  ]
  if (checked.ok && outputs.length === 0) {
    return { release: restorePlaceholders(checked.value, value) as DefaultedRelease, problems }
  }
  const explained = new Set(outputs.map(({ path }) => path))
  if (!checked.ok) problems.push(...checked.problems.filter(({ path }) => !explained.has(path)))
  return { problems }
}

/** An image's own tag can't be made from itself, and a file is read before a commit's images are known. */
function allowedPlaceholders(value: unknown): Allowed {
  const tagged = hasTag(value)
  const withoutTag = PLACEHOLDERS.filter((name) => name !== 'imageTag')
  return (path) => {
    if (path === '/spec/taskDefinition/file') {
      return { names: ['environment'], because: 'the file is read before the rest is known' }
    }
    if (path.startsWith('/spec/image/')) return { names: withoutTag, because: 'it is made from the image' }
    return tagged ? undefined : { names: withoutTag, because: 'the release has no image with a tag' }
  }
}

function hasTag(value: unknown): boolean {
  const spec = isRecord(value) ? value['spec'] : undefined
  const image = isRecord(spec) ? spec['image'] : undefined
  return isRecord(image) && (image['tag'] !== undefined || image['tagFromCommit'] !== undefined)
}

interface FoundTaskDefinition {
  taskDefinitionDocument: Record<string, unknown>
  taskDefinitionNode: PositionNode
}

function findTaskDefinition(input: ReleaseInput & { release: DefaultedRelease }): {
  found?: FoundTaskDefinition
  issues: Issue[]
} {
  const { document, environment, release, readTaskDefinition } = input
  const { inline, file } = release.spec.taskDefinition
  if (inline) {
    return checkFound({ ...input, at: document.node, value: inline, prefix: '/spec/taskDefinition/inline' })
  }
  if (file === undefined) return { issues: [] }
  const read = readTaskDefinition(file.replaceAll('${environment}', environment))
  if ('problem' in read) return { issues: [issueAt(document.node, read.problem)] }
  if ('issues' in read) return { issues: read.issues }
  return checkFound({ ...input, at: read.document.node, value: read.document.value, prefix: '' })
}

function checkFound(input: {
  value: unknown
  at: PositionNode
  prefix: string
  document: LocatedDocument
  release: DefaultedRelease
  environment: string
}): { found?: FoundTaskDefinition; issues: Issue[] } {
  const { value, at, prefix, document, release, environment } = input
  const problems = [
    ...checkTaskDefinition({ document: value, release, environment }),
    ...(prefix === '' ? findUnknownPlaceholders(value, '', allowedPlaceholders(document.value)) : []),
  ]
  const issues = problems.map((problem) => issueAt(at, { ...problem, path: `${prefix}${problem.path}` }))
  if (issues.length > 0 || !isRecord(value)) return { issues }
  return { found: { taskDefinitionDocument: value, taskDefinitionNode: at }, issues }
}
