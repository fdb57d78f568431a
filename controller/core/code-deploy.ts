/** The facts of CodeDeploy, which moves the traffic of a release whose engine it is. Adapters make them; core only reads them. */

/** The application and the deployment group in which a release is deployed. */
export interface CodeDeployReference {
  readonly application: string
  readonly deploymentGroup: string
}

export interface DeploymentGroupFacts {
  /** The services that it deploys, by cluster and name. */
  readonly services: readonly { readonly cluster: string; readonly name: string }[]
  /** Names of the target groups between which it moves the traffic. */
  readonly targetGroups: readonly string[]
  /** Listeners whose traffic is moved; those of the test traffic are told the new tasks before. */
  readonly productionListeners: readonly string[]
  readonly testListeners: readonly string[]
  /** How long a deployment waits for the word before it moves traffic, in milliseconds; undefined where it moves it by itself. */
  readonly waitMs: number | undefined
}

/** https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html */
export type CodeDeploymentStatus =
  'Created' | 'Queued' | 'InProgress' | 'Baking' | 'Ready' | 'Succeeded' | 'Failed' | 'Stopped'

export interface CodeDeploymentFacts {
  readonly id: string
  readonly status: CodeDeploymentStatus
  /** What was said when it was created: Steersman knows its own by that. */
  readonly description: string | undefined
  /** Why it failed or was stopped, in CodeDeploy's words. */
  readonly error: string | undefined
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** All traffic is at the new tasks, and the original ones wait for their end. */
  readonly endsOriginal: boolean
  /** The deployment that rolls this one back. */
  readonly rolledBackBy: string | undefined
  /** The deployment that this one rolls back. */
  readonly rollsBack: string | undefined
}

export interface CodeDeployFacts {
  /** Null where there is none. */
  readonly group: DeploymentGroupFacts | null
  /** The newest few, newest first. */
  readonly deployments: readonly CodeDeploymentFacts[]
}

export const isOver = ({ status }: CodeDeploymentFacts): boolean =>
  status === 'Succeeded' || status === 'Failed' || status === 'Stopped'

/** A configuration that AWS brings, and how it moves the traffic. https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html#deployment-configurations-predefined-ecs */
interface Configuration {
  readonly name: string
  readonly byPercent: number
  readonly everyMs: number
  readonly steps: number
}

const MINUTE_MS = 60_000
const CONFIGURATIONS: readonly Configuration[] = [
  { name: 'CodeDeployDefault.ECSAllAtOnce', byPercent: 100, everyMs: 0, steps: 1 },
  { name: 'CodeDeployDefault.ECSCanary10Percent5Minutes', byPercent: 10, everyMs: 5 * MINUTE_MS, steps: 2 },
  { name: 'CodeDeployDefault.ECSCanary10Percent15Minutes', byPercent: 10, everyMs: 15 * MINUTE_MS, steps: 2 },
  {
    name: 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes',
    byPercent: 10,
    everyMs: MINUTE_MS,
    steps: 10,
  },
  {
    name: 'CodeDeployDefault.ECSLinear10PercentEvery3Minutes',
    byPercent: 10,
    everyMs: 3 * MINUTE_MS,
    steps: 10,
  },
]

/** The configuration that moves the traffic in these steps; undefined where AWS brings none that does. */
export function configurationFor(
  steps: readonly { readonly weightPercent: number; readonly holdMs: number }[],
): string | undefined {
  const [first] = steps
  const found = CONFIGURATIONS.find(
    ({ byPercent, everyMs, steps: count }) =>
      count === steps.length && first?.weightPercent === byPercent && first.holdMs === everyMs,
  )
  const isEven = steps.every(
    ({ holdMs }, index) => holdMs === (index === steps.length - 1 ? 0 : first?.holdMs),
  )
  return isEven ? found?.name : undefined
}
