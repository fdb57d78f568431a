import { makeCodeDeploy, seeCodeDeploy } from './code-deploy.ts'
import { seeRelease, sideNames } from './view.ts'
import type { SeenSide, SeenTarget } from './view.ts'
import type { SideName } from './names.ts'
import type { Pair } from './shape.ts'
import type { ShapeOptions } from './shape.ts'
import { ACCOUNT, makeShape, REGION, serviceName } from './shape.ts'
import type { SimulatedAws } from './simulated-aws.ts'

/** Where releases run: as pairs, or, where the story says so, each as one service of its own name. */
interface Town {
  readonly aws: SimulatedAws
  readonly pairs: readonly Pair[]
  /** Those whose traffic AWS moves. */
  readonly moved: readonly Pair[]
  readonly story: { readonly releases: readonly string[]; readonly strategy?: string }
  pairOf(release: string): Pair
}

export const isOfWorkers = ({ strategy }: Town['story']): boolean =>
  strategy === 'rolling' || strategy === 'native' || strategy === 'code-deploy'

/** Releases that are one service each. */
export const workersOf = ({ story }: Pick<Town, 'story'>): readonly string[] =>
  isOfWorkers(story) ? story.releases : []

/** The service of the release's side; the only one that a worker has. */
export const serviceAt = (town: Town, release: string, side: SideName): string =>
  isOfWorkers(town.story) ? release : serviceName(town.pairOf(release), side)

/** A worker as it truly is: each of its running tasks counts as a target that is healthy, for nobody sends it requests. */
export function seeWorker({ ecs, images }: SimulatedAws, release: string): SeenSide {
  const service = ecs.tables.services.get(`arn:aws:ecs:${REGION}:${ACCOUNT}:service/demo/${release}`)
  const running = ecs.tables.tasks
    .list()
    .filter(
      ({ group, lastStatus, desiredStatus }) =>
        group === `service:${release}` && lastStatus === 'RUNNING' && desiredStatus === 'RUNNING',
    )
  const targets = running.map(({ taskDefinitionArn, containers }): SeenTarget => ({
    state: 'healthy',
    version: images.tagOf(containers[0]?.image ?? ''),
    status: undefined,
    taskDefinition: taskDefinitionArn,
  }))
  const isActive = service?.status === 'ACTIVE'
  return {
    desiredCount: isActive ? service.desiredCount : 0,
    taskDefinition: isActive ? service.taskDefinition : undefined,
    targets,
  }
}

/** Where the release's traffic goes, or its work is done: more than one side while the traffic is divided. */
export function servingSides(town: Town, release: string): readonly SeenSide[] {
  const moved = town.moved.find((pair) => pair.release === release)
  if (moved !== undefined) return seeCodeDeploy(town.aws, moved)
  if (isOfWorkers(town.story)) return [seeWorker(town.aws, release)]
  const { weights, sides } = seeRelease(town.aws, town.pairOf(release))
  return sideNames.filter((side) => (weights?.[side] ?? 0) > 0).map((side) => sides[side])
}

interface Shape {
  /** Two services each, between which Steersman moves the traffic. */
  readonly pairs: readonly Pair[]
  /** One service each, whose traffic CodeDeploy moves between the pair's target groups. */
  readonly moved: readonly Pair[]
}

/** What the story's releases stand behind; those that are one service have no pair, though ECS may move traffic between target groups of theirs. */
export function shapeOf(
  aws: SimulatedAws,
  story: ShapeOptions & Town['story'] & { readonly desiredCount: number },
): Shape {
  if (!isOfWorkers(story)) return { pairs: makeShape(aws, story), moved: [] }
  if (story.strategy === 'code-deploy') {
    const moved = makeShape(aws, story)
    makeCodeDeploy(aws, moved, story.desiredCount)
    return { pairs: [], moved }
  }
  makeShape(aws, { releases: story.strategy === 'native' ? story.releases : [], rules: 'named' })
  return { pairs: [], moved: [] }
}
