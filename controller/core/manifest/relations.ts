import type { Problem } from '../../resources/problem.ts'
import type { DefaultedStrategy } from '../../resources/generated/release.ts'
import { shiftSteps } from '../rollout/shift-steps.ts'
import { durationMs, formatDuration } from '../../resources/duration.ts'
import { documentName } from './duplicates.ts'
import type { Issue } from './issue.ts'
import type { LocatedDocument } from './read.ts'
import type { LoadedRelease } from './release.ts'
import { releaseIssue } from './release.ts'

/** What is wrong between the releases of one commit: in which order they come, and which of them move together. */
export function relationIssues({
  loaded,
  written,
}: {
  readonly loaded: readonly LoadedRelease[]
  /** Every document, those with issues of their own too: their names are taken. */
  readonly written: readonly LocatedDocument[]
}): Issue[] {
  const names = new Set(written.map(({ value }) => documentName(value)))
  return loaded.flatMap((release) => [
    ...dependencyIssues(release, { loaded, names }),
    ...groupIssues(release, loaded),
  ])
}

function dependencyIssues(
  release: LoadedRelease,
  {
    loaded,
    names,
  }: { readonly loaded: readonly LoadedRelease[]; readonly names: ReadonlySet<string | undefined> },
): Issue[] {
  return dependenciesOf(release).flatMap((dependency, index) => {
    const message = wrongDependency(release, { dependency, loaded, names })
    return message === undefined
      ? []
      : [releaseIssue(release, invalid(`/spec/dependsOn/${index}/name`, message))]
  })
}

function wrongDependency(
  release: LoadedRelease,
  {
    dependency,
    loaded,
    names,
  }: {
    readonly dependency: string
    readonly loaded: readonly LoadedRelease[]
    readonly names: ReadonlySet<string | undefined>
  },
): string | undefined {
  const own = nameOf(release)
  if (dependency === own) return 'the release depends on itself; expected another one'
  if (!names.has(dependency))
    return `there is no release ${JSON.stringify(dependency)} in this environment; expected the name of one`
  const other = loaded.find((each) => nameOf(each) === dependency)
  if (other === undefined) return undefined
  const group = groupOf(release)
  if (group !== undefined && groupOf(other) === group)
    return `${dependency} is of the same group ${group}, and a group moves at once; expected a release of another group, or none`
  const way = wayBetween(other, release, loaded)
  if (way === undefined) return undefined
  return `${[own, ...way].join(' waits for ')}; expected an order without a circle`
}

/** From one release to another, by what each waits for: the releases that it depends on, and those that its group moves with. Undefined where no way leads there. */
function wayBetween(
  from: LoadedRelease,
  to: LoadedRelease,
  loaded: readonly LoadedRelease[],
): readonly string[] | undefined {
  const before = new Map<LoadedRelease, LoadedRelease | undefined>([[from, undefined]])
  for (const release of before.keys()) {
    if (release === to) return pathTo(release, before)
    for (const next of waitedFor(release, loaded)) if (!before.has(next)) before.set(next, release)
  }
  return undefined
}

function pathTo(
  end: LoadedRelease,
  before: ReadonlyMap<LoadedRelease, LoadedRelease | undefined>,
): readonly string[] {
  const path: string[] = []
  for (let at: LoadedRelease | undefined = end; at !== undefined; at = before.get(at))
    path.unshift(nameOf(at))
  return path
}

const waitedFor = (release: LoadedRelease, loaded: readonly LoadedRelease[]): readonly LoadedRelease[] =>
  loaded.filter(
    (other) =>
      other !== release &&
      (dependenciesOf(release).includes(nameOf(other)) ||
        (groupOf(release) !== undefined && groupOf(other) === groupOf(release))),
  )

/** The traffic of a group's members moves in the same steps, by weights of Steersman's own. */
function groupIssues(release: LoadedRelease, loaded: readonly LoadedRelease[]): Issue[] {
  const group = groupOf(release)
  if (group === undefined) return []
  const { spec } = release.release
  if (spec.strategy.type === 'Rolling')
    return [releaseIssue(release, invalid('/spec/strategy/type', movesWeights(group, 'strategy Rolling')))]
  if (spec.engine !== 'TargetGroupSwap')
    return [releaseIssue(release, invalid('/spec/engine', movesWeights(group, `engine ${spec.engine}`)))]
  const [first] = loaded
    .filter((each) => groupOf(each) === group)
    .toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1))
  if (first === undefined || paceOf(first) === paceOf(release)) return []
  const message = `the members of group ${group} move together, and ${nameOf(first)} moves as ${paceOf(first)}; expected the same type, steps and bake`
  return [releaseIssue(release, invalid('/spec/strategy', message))]
}

const movesWeights = (group: string, what: string): string =>
  `group ${group} moves the weights of its members together, and ${what} has none; expected BlueGreen, Canary or Linear by engine TargetGroupSwap`

const paceOf = ({ release }: LoadedRelease): string => paceText(release.spec.strategy)

function paceText(strategy: DefaultedStrategy): string {
  const steps = shiftSteps(strategy).map(
    ({ weightPercent, holdMs }) =>
      `${weightPercent} %${holdMs === 0 ? '' : ` for ${formatDuration(holdMs)}`}`,
  )
  return `${strategy.type} (${steps.join(', ')}), bake ${formatDuration(durationMs(strategy.bake))}, supersede ${strategy.supersede}`
}

const nameOf = ({ release }: LoadedRelease): string => release.metadata.name
const groupOf = ({ release }: LoadedRelease): string | undefined => release.spec.group?.name
const dependenciesOf = ({ release }: LoadedRelease): readonly string[] =>
  (release.spec.dependsOn ?? []).map(({ name }) => name)

const invalid = (path: string, message: string): Problem => ({
  path,
  message,
  code: 'InvalidValue',
  at: 'value',
})
