import type { ActionArguments } from '../action.ts'
import type { ReleaseObservation, ServiceDeploymentFacts, SideObservation } from '../observation.ts'
import { withSeenAt } from '../observation.ts'
import { LAST_PAUSE } from '../rollout/native/stages.ts'

/** The observation with a deployment of ECS's own that has come to where it waits before the traffic; unchanged where nobody sends the service requests. */
export function begun(
  observation: ReleaseObservation,
  { side, taskDefinition }: Pick<ActionArguments['CreateService'], 'side' | 'taskDefinition'>,
): ReleaseObservation {
  const { only, loadBalancer, test } = observation
  if (side !== 'only' || only?.service === undefined || only.service === null || loadBalancer === null)
    return observation
  const { service } = only
  const deployment: ServiceDeploymentFacts = {
    arn: IMAGINED,
    status: 'IN_PROGRESS',
    reason: undefined,
    stage: test === null ? 'POST_SCALE_UP' : 'POST_TEST_TRAFFIC_SHIFT',
    pause: { hook: IMAGINED, expiresAt: undefined },
    target: {
      arn: IMAGINED,
      running: service.desiredCount,
      requested: service.desiredCount,
      productionPercent: 0,
      testPercent: 100,
    },
    sources: [],
  }
  const primary = {
    id: IMAGINED,
    status: 'PRIMARY',
    taskDefinition,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: undefined,
    failedTasks: 0,
    createdAt: 0,
  } as const
  const seen = {
    ...only,
    service: { ...service, deployments: [primary], serviceDeployment: IMAGINED },
    deployment,
  }
  const after = withSeenAt(observation, 'only', seen)
  return { ...after, seen: [...new Set([...after.seen, 'deployment' as const])] }
}

const IMAGINED = 'imagined'

/** The same once it went on: to where it waits with all of the traffic, or to its end. */
export function continued(side: SideObservation): SideObservation {
  const { deployment } = side
  if (deployment === undefined || deployment === null) return side
  const target = { ...deployment.target, productionPercent: 100 }
  return deployment.stage === LAST_PAUSE
    ? { ...side, deployment: { ...deployment, status: 'SUCCESSFUL', pause: undefined, target } }
    : {
        ...side,
        deployment: {
          ...deployment,
          stage: LAST_PAUSE,
          pause: { hook: 'imagined-too', expiresAt: undefined },
          target,
        },
      }
}
