import { folderOfStore } from '../process/store-folder.ts'
import type { StoredObject } from '../../../controller/ports/store.ts'
import type { Condition, ReleaseStatus, RolloutStatus } from '../../../controller/resources/types.ts'
import type { Pair } from '../aws/shape.ts'
import { schedulesOf, seeSchedule } from '../aws/schedules.ts'
import { serviceName } from '../aws/shape.ts'
import type { SeenSide } from '../aws/view.ts'
import { seeRelease, sideNames } from '../aws/view.ts'
import { seeWorker, workersOf } from '../aws/workers.ts'
import type { SimulatedAws } from '../aws/simulated-aws.ts'
import type { Simulation } from '../run/simulation.ts'
import { ENVIRONMENT } from '../aws/shape.ts'

/** What is left when all is at rest, line by line, without times and random names: equal ends have equal lines. */
export type EndState = readonly string[]

/** Larger files would not be the store's. */
const LIMIT_BYTES = 10_000_000

/**
 * The world as it is, the tags in git, and what the store says of each object. Which writes got no answer is left out: the store remembers that for the
 * time in which reads may be old, and a crash is what makes the difference.
 */
export async function endStateOf(simulation: Simulation): Promise<EndState> {
  return [...endOutside(simulation), ...(await ofStore(simulation))]
}

/** The same of AWS and git alone. */
export function endOutside(simulation: Simulation): EndState {
  const { aws, pairs } = simulation
  return [
    ...pairs.flatMap((pair) => ofRelease(aws, pair)),
    ...workersOf(simulation).flatMap((release) => ofService(aws, release, seeWorker(aws, release))),
    ...ofSchedules(simulation),
    ...ofTaskDefinitions(aws),
    ...ofTags(simulation),
  ]
}

/** What differs, as people read it; empty for equal ends. */
export function compareEnds(undisturbed: EndState, other: EndState): string[] {
  return [
    ...without(other, undisturbed).map((line) => `there is ${line}`),
    ...without(undisturbed, other).map((line) => `missing is ${line}`),
  ]
}

/** Lines that are there more often than in the others. */
function without(lines: EndState, others: EndState): string[] {
  const left = new Map<string, number>()
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1)
  return lines.filter((line) => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return count <= 0
  })
}

function ofRelease(aws: SimulatedAws, pair: Pair): string[] {
  const seen = seeRelease(aws, pair)
  const weights = `${pair.release} weights ${JSON.stringify(seen.weights)}, test ${JSON.stringify(seen.testWeights)}`
  return [weights, ...sideNames.flatMap((side) => ofService(aws, serviceName(pair, side), seen.sides[side]))]
}

function ofService(aws: SimulatedAws, name: string, seen: SeenSide): string[] {
  const services = aws.ecs.tables.services.list().filter(({ serviceName: known }) => known === name)
  const targets = seen.targets.map(
    ({ state, version, taskDefinition }) =>
      `${state} ${version ?? 'nothing'} of ${shortName(taskDefinition)}`,
  )
  const standing = services.flatMap(({ status, desiredCount, taskDefinition, members }) => [
    `${name} ${status} wants ${desiredCount} of ${shortName(taskDefinition)}`,
    `${name} ${status} has settings ${JSON.stringify(members)}`,
  ])
  const scaling = aws.byHand('application-autoscaling', 'DescribeScalableTargets', {
    ServiceNamespace: 'ecs',
    ResourceIds: [`service/demo/${name}`],
  })['ScalableTargets'] as { MinCapacity: number; MaxCapacity: number; SuspendedState: object }[]
  const scaled = scaling.map(
    ({ MinCapacity, MaxCapacity, SuspendedState }) =>
      `${name} is scaled from ${MinCapacity} to ${MaxCapacity} but for ${JSON.stringify(SuspendedState)}`,
  )
  return [...standing, ...scaled, `${name} has targets [${targets.toSorted().join(', ')}]`]
}

function ofSchedules({ aws, story }: Simulation): string[] {
  if (story.schedules === undefined) return []
  return story.releases.flatMap(schedulesOf).map((schedule) => {
    const { taskDefinition, isWhole } = seeSchedule(aws, schedule)
    return `schedule ${schedule.name} runs ${shortName(taskDefinition)}${isWhole ? '' : ', and is not as it was'}`
  })
}

function ofTaskDefinitions({ ecs }: SimulatedAws): string[] {
  return ecs.tables.taskDefinitions
    .list()
    .map(
      ({ family, revision, status, containers }) =>
        `task definition ${family}:${revision} ${status} ${JSON.stringify(containers.map(({ image }) => image))}`,
    )
}

function ofTags({ remote }: Simulation): string[] {
  const pushes = new Set(remote.log.filter(({ by }) => by === 'steersman').map(({ push }) => push)).size
  const tags = remote.tags(`deploy/${ENVIRONMENT}/`).map(({ name, commit, object }) => {
    const tag = remote.objects.get(object)
    return `tag ${name} at ${commit}: ${JSON.stringify(tag?.type === 'tag' ? tag.message : '')}`
  })
  // A commit's id tells its time too: what counts is which one of the branch it is.
  const commits = remote.log.filter(({ ref }) => ref === `refs/heads/${ENVIRONMENT}`)
  const named = (text: string): string =>
    commits.reduce((so, { after }, index) => so.replaceAll(after ?? 'none', `commit ${index + 1}`), text)
  return [`steersman pushed ${pushes} times`, ...tags.map(named)]
}

async function ofStore({ machine }: Simulation): Promise<string[]> {
  const lines: string[] = []
  for (const kind of ['environment', 'release', 'rollout']) {
    const folder = `${folderOfStore(machine.fileSystem)}/${kind}`
    for (const name of await machine.fileSystem.list(folder)) {
      if (!name.endsWith('.json')) continue
      const text = await machine.fileSystem.read(`${folder}/${name}`, LIMIT_BYTES)
      lines.push(ofObject(JSON.parse(text ?? '{}') as StoredObject))
    }
  }
  return lines
}

function ofObject({ kind, metadata, spec, status }: StoredObject): string {
  const name = `${kind} ${metadata.name}`
  if (kind === 'Rollout') {
    const { phase, intent } = (status ?? {}) as RolloutStatus
    return `${name} ${phase ?? 'no phase'} because of ${String(spec['why'])}${intent === undefined ? '' : ', with an open intent'}`
  }
  const { conditions = [] } = (status ?? {}) as ReleaseStatus
  return `${name} ${conditionsOf(conditions)}`
}

const conditionsOf = (conditions: readonly Condition[]): string =>
  conditions
    .map(({ type, status, reason }) => `${type}=${status} ${reason}`)
    .toSorted()
    .join(', ')

/** The last part of an ARN, as `demo-web:1`. */
const shortName = (arn: string | undefined): string => arn?.slice(arn.lastIndexOf('/') + 1) ?? 'nothing'
