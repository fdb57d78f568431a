import type { CodeDeployFacts, CodeDeployReference } from '../core/code-deploy.ts'
import type { Asked } from './asked.ts'
import type { Receipt } from './platform.ts'

/** AWS CodeDeploy in one account and region, for services of ECS. Reads may be eventually consistent; each write is one attempt. */
export interface CodeDeploy {
  /** The deployment group and its newest deployments. */
  look(reference: CodeDeployReference, asked?: Asked): Promise<CodeDeployFacts>
  /**
   * Begins a deployment. CodeDeploy knows no client token: a repetition begins another one, or is refused with `Conflict` while the first is under way. Its
   * automatic rollback is on for whatever ends it.
   */
  startDeployment(
    request: CodeDeployReference & {
      /** In JSON. */
      readonly appSpec: string
      readonly description: string
      /** Name of the deployment configuration. */
      readonly configuration: string
    },
  ): Promise<Receipt>
  /** Lets a deployment go on that waits: to move the traffic, or to end the original tasks. One that does not wait is `Conflict`. */
  continueDeployment(request: {
    readonly deployment: string
    readonly wait: 'READY_WAIT' | 'TERMINATION_WAIT'
  }): Promise<Receipt>
  /** Stops a deployment and has it rolled back. One that is over is `Conflict`. */
  stopDeployment(request: { readonly deployment: string }, asked?: Asked): Promise<Receipt>
}
