import { IMAGE_REPOSITORY } from '../../support/machine/shape.ts'
import { writeByHand } from '../aws/listeners.ts'
import type { SideName } from '../aws/names.ts'
import { serviceAt } from '../aws/workers.ts'
import type { Simulation } from '../run/simulation.ts'
import { between, oneOf } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'
import { drawSide } from './tasks.ts'

/** What people do with a console or the AWS CLI, in the middle of everything. */
export const peopleKinds: readonly HappeningKind[] = [
  {
    name: 'weights by hand',
    group: 'people',
    severity: 'harsh',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      blue: oneOf(random, [0, 1, 50, 100]),
      green: oneOf(random, [1, 50, 100]),
    }),
    apply: (simulation, given) =>
      simulation.setWeights(String(given['release']), Number(given['blue']), Number(given['green'])),
  },
  {
    name: 'count by hand',
    group: 'people',
    severity: 'harsh',
    draw: (random, shape) => ({ ...drawSide(random, shape), desiredCount: between(random, 0, 4) }),
    apply: (simulation, given) =>
      simulation.setDesiredCount(
        String(given['release']),
        String(given['side']),
        Number(given['desiredCount']),
      ),
  },
  {
    name: 'test rule by hand',
    group: 'people',
    severity: 'harsh',
    draw: drawSide,
    apply: (simulation, { release, side }) => pointTest(simulation, String(release), side as SideName),
  },
  {
    name: 'task definition by hand',
    group: 'people',
    severity: 'harsh',
    draw: (random, shape) => ({ ...drawSide(random, shape), repoint: oneOf(random, [0, 1]) }),
    apply: (simulation, { release, side, repoint }) =>
      registerByHand(simulation, {
        release: String(release),
        side: side as SideName,
        isRepointed: repoint === 1,
      }),
  },
  {
    name: 'the circuit breaker rolls back',
    group: 'people',
    severity: 'mild',
    draw: drawSide,
    apply: (simulation, { release, side }) =>
      letBreakerRollBack(simulation, String(release), side as SideName),
  },
  {
    name: 'service deleted by hand',
    group: 'people',
    severity: 'harsh',
    draw: drawSide,
    apply: (simulation, { release, side }) => deleteService(simulation, String(release), side as SideName),
  },
]

function pointTest(simulation: Simulation, release: string, side: SideName): void {
  const pair = simulation.pairOf(release)
  simulation.checkers?.disturbed({ release })
  writeByHand(simulation.aws, pair.test, { Type: 'forward', TargetGroupArn: pair.targetGroups[side] })
}

/** Somebody registers another revision of our own family, with a variable more and maybe another image, and may make a service run it. */
export function registerByHand(
  simulation: Simulation,
  {
    release,
    side,
    isRepointed,
    version,
  }: {
    readonly release: string
    readonly side: SideName
    readonly isRepointed: boolean
    /** Another image; left out: the one that runs. */
    readonly version?: string | undefined
  },
): void {
  const { aws, checkers } = simulation
  const service = serviceAt(simulation, release, side)
  const runs = activeService(simulation, service)?.taskDefinition
  const definition = runs === undefined ? undefined : aws.ecs.tables.taskDefinitions.get(runs)
  if (definition === undefined) return
  const { family, taskDefinitionArn } = definition
  const containerDefinitions = definition.containers.map((container) => ({
    ...container,
    ...(version === undefined ? {} : { image: `${IMAGE_REPOSITORY}:${version}` }),
    environment: [{ name: 'CHANGED', value: 'by hand' }],
  }))
  if (version !== undefined) simulation.branch.publish(version)
  checkers?.disturbed({ release })
  const { cpu, memory, networkMode, requiresCompatibilities, executionRoleArn } = definition.members
  const settings = { cpu, memory, networkMode, requiresCompatibilities, executionRoleArn }
  const input = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
  const output = aws.byHand('ecs', 'RegisterTaskDefinition', { family, containerDefinitions, ...input })
  const registered = (output['taskDefinition'] as { taskDefinitionArn?: string }).taskDefinitionArn
  simulation.trace.add('people', `registered ${registered ?? ''} beside ${taskDefinitionArn}`)
  if (isRepointed)
    aws.byHand('ecs', 'UpdateService', { cluster: 'demo', service, taskDefinition: registered })
}

/** Right after the next version has been given to a service somebody lets ECS go back by itself, should it give that version up. */
function letBreakerRollBack(simulation: Simulation, release: string, side: SideName): void {
  const { aws } = simulation
  const service = serviceAt(simulation, release, side)
  const strike = simulation.strikes.later()
  let isOver = false
  aws.listen({
    afterCall({ who, operation, input }, _reply, happened) {
      const isGiven = operation === 'UpdateService' && input['service'] === service && happened
      if (isOver || who === 'people' || !isGiven || input['taskDefinition'] === undefined) return
      isOver = true
      simulation.later(500, () => {
        if (activeService(simulation, service) === undefined) return
        strike()
        const deploymentCircuitBreaker = { enable: true, rollback: true }
        const deploymentConfiguration = { deploymentCircuitBreaker }
        aws.byHand('ecs', 'UpdateService', { cluster: 'demo', service, deploymentConfiguration })
      })
    },
  })
  // What nobody gave it until then is nobody's business any more.
  simulation.later(300_000, () => {
    isOver = true
  })
}

function deleteService(simulation: Simulation, release: string, side: SideName): void {
  const service = serviceAt(simulation, release, side)
  if (activeService(simulation, service) === undefined) return
  simulation.checkers?.disturbed({ release })
  simulation.aws.byHand('ecs', 'DeleteService', { cluster: 'demo', service, force: true })
}

function activeService(
  { aws }: Simulation,
  name: string,
): { readonly taskDefinition: string | undefined } | undefined {
  return aws.ecs.tables.services
    .list()
    .find(({ serviceName: candidate, status }) => candidate === name && status === 'ACTIVE')
}
