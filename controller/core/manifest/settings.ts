import { isRecord } from '../../resources/problem.ts'
import type { Problem } from '../../resources/problem.ts'
import { select } from '../../resources/select.ts'
import { findUnsupported } from '../../resources/supported.ts'
import type { DefaultedConfiguration, DefaultedEnvironment } from '../../resources/types.ts'
import { validateConfiguration, validateEnvironment } from '../../resources/validate.ts'
import { checkGateStages } from './consistency.ts'
import { problemOf as freezeWindowProblem } from '../freeze.ts'
import { checkRequiredGate } from '../policy.ts'
import { documentName } from './duplicates.ts'
import { issueAt, sortIssues } from './issue.ts'
import type { Issue } from './issue.ts'
import { readDocuments } from './read.ts'
import type { LocatedDocument } from './read.ts'
import type { SourceFile } from './source-file.ts'
import { findUnknownPlaceholders } from './substitute.ts'

/** What the config directory says: Environments, at most one Configuration, and everything that is wrong with them. */
export interface LoadedSettings {
  environments: { environment: DefaultedEnvironment; file: string }[]
  configuration?: { configuration: DefaultedConfiguration; file: string }
  issues: Issue[]
}

/**
 * Reads the files of the config directory with the same care as those of a repository. Never throws. Secrets of a cluster are refused where the objects are in
 * none, which the store of a Configuration among them says, and else the caller.
 */
export function loadSettings(
  files: readonly SourceFile[],
  { isInCluster = false }: { readonly isInCluster?: boolean } = {},
): LoadedSettings {
  const settings: LoadedSettings = { environments: [], issues: [] }
  const documents: LocatedDocument[] = []
  for (const file of files) {
    const read = readDocuments(file)
    settings.issues.push(...read.issues)
    documents.push(...read.documents)
  }
  const configurations = documents.filter(({ value }) => isKind(value, 'Configuration'))
  const where = {
    isInCluster: configurations.length === 0 ? isInCluster : configurations.some(keepsObjectsInCluster),
  }
  for (const document of documents) {
    const unsupported = findUnsupported(document.value, where)
    const problems = takeDocument({ document, settings, documents, unsupported })
    settings.issues.push(...problems.map((problem) => issueAt(document.node, problem)))
  }
  return { ...settings, issues: sortIssues(settings.issues) }
}

interface Taking {
  document: LocatedDocument
  settings: LoadedSettings
  documents: readonly LocatedDocument[]
  unsupported: readonly Problem[]
}

const keepsObjectsInCluster = ({ value }: LocatedDocument): boolean =>
  select(value, '/spec/store/type')[0]?.value === 'kubernetes'

function takeDocument(input: Taking): Problem[] {
  const { document } = input
  const kind = isRecord(document.value) ? document.value['kind'] : undefined
  if (kind === 'Environment') return takeEnvironment(input)
  if (kind === 'Configuration') return takeConfiguration(input)
  const found =
    kind === undefined
      ? 'the document names no kind'
      : `${JSON.stringify(kind).slice(0, 80)} is not read from here`
  const path = kind === undefined ? '' : '/kind'
  return [
    { path, message: `${found}; expected kind Environment or Configuration`, code: 'WrongKind', at: 'value' },
  ]
}

function takeEnvironment({ document, settings, documents, unsupported }: Taking): Problem[] {
  const checked = validateEnvironment(document.value)
  const problems = [...(checked.ok ? [] : checked.problems), ...unsupported]
  const name = documentName(document.value)
  const alike = documents.filter(({ value }) => isKind(value, 'Environment') && documentName(value) === name)
  if (name !== undefined && alike.length > 1) {
    const message = `another environment is called ${JSON.stringify(name.slice(0, 80))}; expected a name of its own`
    problems.push({ path: '/metadata/name', message, code: 'DuplicateName', at: 'value' })
  }
  if (!checked.ok) return problems
  const placeholders = findUnknownPlaceholders(
    checked.value.spec.requiredGates,
    '/spec/requiredGates',
    () => undefined,
  )
  problems.push(
    ...placeholders,
    ...checkGateStages(checked.value.spec.requiredGates, '/spec/requiredGates'),
    ...gateProblems(checked.value),
    ...freezeProblems(checked.value),
  )
  if (problems.length === 0)
    settings.environments.push({ environment: checked.value, file: document.node.source.path })
  return problems
}

/** Required gates that no release could ever ask; what holds a placeholder is judged with each release. */
const gateProblems = ({ spec: { requiredGates, allow } }: DefaultedEnvironment): Problem[] =>
  requiredGates.flatMap((gate, index) =>
    JSON.stringify(gate).includes('${')
      ? []
      : checkRequiredGate({ gate, path: `/spec/requiredGates/${index}`, allow }),
  )

/** Windows that nobody could ever tell the times of. */
function freezeProblems({ spec }: DefaultedEnvironment): Problem[] {
  return (spec.freeze ?? []).flatMap((window, index) => {
    const problem = freezeWindowProblem(window)
    if (problem === undefined) return []
    const path = `/spec/freeze/${index}/${problem.field}`
    return [{ path, message: problem.message, code: 'FreezeUnreadable', at: 'value' as const }]
  })
}

function takeConfiguration({ document, settings, documents, unsupported }: Taking): Problem[] {
  const checked = validateConfiguration(document.value)
  const problems = [...(checked.ok ? [] : checked.problems), ...unsupported]
  if (documents.filter(({ value }) => isKind(value, 'Configuration')).length > 1) {
    const message = 'there is more than one Configuration; expected at most one'
    problems.push({ path: '', message, code: 'DuplicateName', at: 'value' })
  }
  if (checked.ok && problems.length === 0) {
    settings.configuration = { configuration: checked.value, file: document.node.source.path }
  }
  return problems
}

function isKind(value: unknown, kind: string): boolean {
  return isRecord(value) && value['kind'] === kind
}
