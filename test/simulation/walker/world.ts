import { isRecord } from '../../../controller/resources/problem.ts'
import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import type { SideName } from '../aws/names.ts'
import { serviceName } from '../aws/shape.ts'
import { healthyTargets, seeRelease, sideNames } from '../aws/view.ts'
import { RELEASE } from './base.ts'
import type { Documents } from './change.ts'
import { valueAt } from './document.ts'
import type { Town } from './town.ts'

/** What serves a release, as AWS's own answers and the world's tables show it. */
export interface SeenWorld {
  /** Undefined where not exactly one side has traffic. */
  readonly live: SideName | undefined
  readonly desiredCount: number
  readonly healthy: number
  /** Tags of the images that answer. */
  readonly versions: readonly string[]
  readonly taskDefinitionArn: string
  /** As DescribeServices shows it, tags too. */
  readonly service: Members
  /** As DescribeTaskDefinition shows it. */
  readonly taskDefinition: Members
  readonly idleCount: number
  readonly idleTargets: number
  readonly testWeights: Readonly<Record<SideName, number>> | undefined
}

export function seeWorld({ simulation: { aws, pairOf }, simulation }: Town): SeenWorld {
  const pair = pairOf.call(simulation, RELEASE)
  const seen = seeRelease(aws, pair)
  const [live, other] = sideNames.filter((side) => (seen.weights?.[side] ?? 0) > 0)
  const side = live ?? 'blue'
  const idle = side === 'blue' ? 'green' : 'blue'
  const described = aws.byHand('ecs', 'DescribeServices', {
    cluster: 'demo',
    services: [serviceName(pair, side)],
    include: ['TAGS'],
  })
  const [service = {}] = described['services'] as Members[]
  const arn = seen.sides[side].taskDefinition
  const taskDefinition =
    arn === undefined ? {} : aws.byHand('ecs', 'DescribeTaskDefinition', { taskDefinition: arn })
  const healthy = healthyTargets(seen.sides[side])
  return {
    live: other === undefined ? live : undefined,
    desiredCount: seen.sides[side].desiredCount,
    healthy: healthy.length,
    versions: [...new Set(healthy.map(({ version }) => version ?? 'nothing'))],
    taskDefinitionArn: arn ?? '',
    service,
    taskDefinition: (taskDefinition['taskDefinition'] ?? {}) as Members,
    idleCount: seen.sides[idle].desiredCount,
    idleTargets: seen.sides[idle].targets.length,
    testWeights: seen.testWeights,
  }
}

/**
 * The world as far as the documents speak of it, whichever side serves and whatever its revision is called: equal for equal documents, however they were
 * reached.
 */
export function normalForm(world: SeenWorld, { release, taskDefinition }: Documents): string {
  const settings = valueAt(release, '/spec/service/settings')
  const inline = valueAt(release, '/spec/taskDefinition/inline')
  return JSON.stringify(
    {
      serves: world.live !== undefined,
      desiredCount: valueAt(release, '/spec/service/desiredCount') === undefined ? 'any' : world.desiredCount,
      healthy: world.healthy === world.desiredCount,
      versions: world.versions,
      settings: projected(world.service, settings ?? {}),
      taskDefinition: projected(world.taskDefinition, inline ?? taskDefinition),
      idle: [world.idleCount, world.idleTargets],
    },
    undefined,
    1,
  )
}

/** The members of a value that another one names, too; lists of it whole and in an order of their own. */
function projected(value: unknown, named: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(named)) {
    const [shape] = named as readonly unknown[]
    return value.map((item) => JSON.stringify(projected(item, shape))).toSorted()
  }
  if (!isRecord(value) || !isRecord(named)) return value
  return Object.fromEntries(
    Object.keys(named)
      .toSorted()
      .map((name) => [name, projected(value[name], named[name])]),
  )
}

/** Where a live value is not what is wanted: members and items that nobody named are nobody's business. */
export function* differences(wanted: unknown, live: unknown, path = ''): Generator<string> {
  if (Array.isArray(wanted)) {
    const items: readonly unknown[] = Array.isArray(live) ? live : []
    for (const [index, item] of wanted.entries())
      if (!items.some((candidate) => differences(item, candidate).next().done === true))
        yield `${path}/${index} is not among ${JSON.stringify(live)}: ${JSON.stringify(item)}`
    if (items.length !== wanted.length && !path.endsWith('/tags'))
      yield `${path} has ${items.length} items instead of ${wanted.length}: ${JSON.stringify(live)}`
    return
  }
  if (isRecord(wanted)) {
    for (const [name, value] of Object.entries(wanted))
      yield* differences(value, isRecord(live) ? live[name] : undefined, `${path}/${name}`)
    return
  }
  if (wanted !== live) yield `${path} is ${JSON.stringify(live)} instead of ${JSON.stringify(wanted)}`
}
