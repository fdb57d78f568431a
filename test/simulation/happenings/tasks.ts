import type { SideName } from '../aws/names.ts'
import { serviceAt } from '../aws/workers.ts'
import { sideNames } from '../aws/view.ts'
import type { Simulation } from '../run/simulation.ts'
import { between, oneOf } from '../time/randomness.ts'
import type { HappeningArguments, HappeningKind, StoryShape } from './kind.ts'
import type { Random } from '../../../controller/ports/random.ts'

/** What becomes of tasks. */
export const taskKinds: readonly HappeningKind[] = [
  {
    name: 'a task dies',
    group: 'tasks',
    severity: 'mild',
    draw: (random, shape) => ({ ...drawSide(random, shape), which: between(random, 0, 2) }),
    apply: (simulation, given) =>
      simulation.stopTask(String(given['release']), String(given['side']), Number(given['which'])),
  },
  {
    name: 'a side dies',
    group: 'tasks',
    severity: 'harsh',
    draw: drawSide,
    apply: (simulation, { release, side }) =>
      stopTasks(simulation, { release: String(release), side: side as SideName, every: 1 }),
  },
  {
    name: 'a zone is lost',
    group: 'tasks',
    severity: 'harsh',
    draw: () => ({}),
    apply(simulation) {
      for (const release of simulation.story.releases)
        for (const side of sideNames) stopTasks(simulation, { release, side, every: 2 })
    },
  },
  {
    name: 'a lost start of a task',
    group: 'aws',
    severity: 'mild',
    draw: (random) => ({ error: oneOf(random, ['TimeoutAfterWrite', 'ThrottlingException']) }),
    apply: (simulation, { error }) =>
      simulation.awsFault(
        { service: 'ecs', operation: 'RunTask', error: String(error), count: 1 },
        START_LOST_WITHIN_MS,
      ),
  },
  {
    name: 'a migration dies',
    group: 'tasks',
    severity: 'mild',
    draw: () => ({}),
    apply: stopMigrations,
  },
  {
    name: 'a side flaps',
    group: 'tasks',
    severity: 'harsh',
    draw: (random, shape) => ({
      ...drawSide(random, shape),
      everyMs: between(random, 2_000, 8_000),
      times: between(random, 3, 8),
    }),
    apply(simulation, { release, side, everyMs, times }) {
      for (let time = 0; time < Number(times); time += 1)
        simulation.later(time * Number(everyMs), () =>
          stopTasks(simulation, { release: String(release), side: side as SideName, every: 1 }),
        )
    },
  },
  {
    name: 'draining gets stuck',
    group: 'tasks',
    severity: 'harsh',
    draw: (random, shape) => ({ ...drawSide(random, shape), forMs: between(random, 30_000, 180_000) }),
    apply(simulation, { release, side, forMs }) {
      const group = simulation.pairOf(String(release)).targetGroups[side as SideName]
      drainFor(simulation, group, 300)
      simulation.later(Number(forMs), () => drainFor(simulation, group, 10))
    },
  },
  {
    name: 'no capacity',
    group: 'tasks',
    severity: 'mild',
    draw: (random) => ({ forMs: between(random, 5_000, 420_000) }),
    apply: (simulation, { forMs }) => loseInstances(simulation, Number(forMs)),
  },
]

export function drawSide(random: Random, { releases }: StoryShape): HappeningArguments {
  return { release: oneOf(random, releases), side: oneOf(random, sideNames) }
}

/** Every so many of the side's tasks stop by themselves, as when their hosts fail. */
function stopTasks(
  simulation: Simulation,
  { release, side, every }: { readonly release: string; readonly side: SideName; readonly every: number },
): void {
  const group = `service:${serviceAt(simulation, release, side)}`
  const running = simulation.aws.ecs.tables.tasks
    .list()
    .filter((task) => task.group === group && task.desiredStatus === 'RUNNING')
  const dying = running.filter((_, index) => index % every === 0)
  if (dying.length === 0) return
  simulation.checkers?.disturbed({ release, side })
  for (const { taskArn } of dying)
    simulation.aws.byHand('ecs', 'StopTask', { cluster: 'demo', task: taskArn, reason: 'host failure' })
}

const START_LOST_WITHIN_MS = 60_000

/** Tasks of gates stop by themselves, as when their hosts fail. */
function stopMigrations(simulation: Simulation): void {
  const running = simulation.aws.ecs.tables.tasks
    .list()
    .filter(
      ({ startedBy, desiredStatus }) => startedBy?.startsWith('steersman/') && desiredStatus === 'RUNNING',
    )
  if (running.length === 0) return
  simulation.checkers?.disturbed()
  for (const { taskArn } of running)
    simulation.aws.byHand('ecs', 'StopTask', { cluster: 'demo', task: taskArn, reason: 'host failure' })
}

function drainFor({ aws }: Simulation, targetGroup: string, seconds: number): void {
  aws.byHand('elasticloadbalancing', 'ModifyTargetGroupAttributes', {
    TargetGroupArn: targetGroup,
    Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: String(seconds) }],
  })
}

/** No instance has room for another task; what runs goes on. Stories on Fargate know no such trouble. */
function loseInstances(simulation: Simulation, forMs: number): void {
  const { containerInstances } = simulation.aws.ecs.tables
  for (const instance of containerInstances.list()) {
    if (instance.status !== 'ACTIVE') continue
    containerInstances.put(instance.containerInstanceArn, { ...instance, status: 'DRAINING' })
    simulation.later(forMs, () => containerInstances.put(instance.containerInstanceArn, instance))
  }
}
