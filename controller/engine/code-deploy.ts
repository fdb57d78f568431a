import type { ActionArguments } from '../core/action.ts'
import { configurationFor } from '../core/code-deploy.ts'
import { renderAppSpec } from '../core/rollout/code-deploy/app-spec.ts'
import { descriptionOf } from '../core/rollout/code-deploy/own.ts'
import type { RolloutState } from '../core/rollout/state.ts'
import { atOnce, shiftSteps } from '../core/rollout/shift-steps.ts'
import type { CodeDeploy } from '../ports/code-deploy.ts'
import { PortError } from '../ports/error.ts'
import type { Platform } from '../ports/platform.ts'
import type { ServiceSettings } from '../resources/types.ts'
import type { ReleaseSubject } from './observe.ts'
import { servingContainer } from './serving-container.ts'

/** What of an action's surroundings its parts at CodeDeploy need. */
interface CodeDeployContext {
  readonly connections: {
    readonly platform: Pick<Platform, 'taskDefinition'>
    readonly codeDeploy: CodeDeploy
  }
  readonly release: string
  readonly subject: Pick<ReleaseSubject, 'codeDeploy'>
  readonly rollout: RolloutState | undefined
  readonly settings: ServiceSettings | undefined
  readonly assertHeld: () => void
  readonly hurry: AbortSignal
}

interface Done {
  readonly message: ''
  readonly requestId: string | undefined
}

/** Has CodeDeploy begin a deployment of a revision. What goes back goes back at once. */
export async function startDeployment(
  { way, taskDefinition }: ActionArguments['StartCodeDeploy'],
  context: CodeDeployContext,
): Promise<Done> {
  const { rollout, settings, subject } = context
  const { platform, codeDeploy } = context.connections
  if (rollout === undefined || subject.codeDeploy === undefined)
    throw new Error(`release ${context.release} has no deployment group`)
  const { strategy } = rollout.spec
  const configuration = configurationFor(shiftSteps(way === 'Back' ? atOnce(strategy) : strategy))
  if (configuration === undefined)
    throw new PortError('CodeDeploy has no configuration that moves the traffic in these steps', {
      code: 'StepsUnknown',
      handling: 'stall',
      remedy: 'Give spec.strategy steps that CodeDeploy has: docs/guide/codedeploy.md.',
    })
  const container = servingContainer(await platform.taskDefinition(taskDefinition), context)
  context.assertHeld()
  const { requestId } = await codeDeploy.startDeployment({
    ...subject.codeDeploy,
    configuration,
    description: descriptionOf(rollout.name, way),
    appSpec: renderAppSpec({ taskDefinition, container, settings }),
  })
  return { message: '', requestId }
}

/** Gives a deployment that waits its word. */
export async function continueDeployment(
  { deployment, wait }: ActionArguments['ContinueCodeDeploy'],
  { connections }: CodeDeployContext,
): Promise<Done> {
  const { requestId } = await connections.codeDeploy.continueDeployment({ deployment, wait })
  return { message: '', requestId }
}

/** Stops a deployment and has it rolled back. */
export async function stopDeployment(
  { deployment }: ActionArguments['StopCodeDeploy'],
  { connections, hurry }: CodeDeployContext,
): Promise<Done> {
  const { requestId } = await connections.codeDeploy.stopDeployment({ deployment }, { hurry })
  return { message: '', requestId }
}
