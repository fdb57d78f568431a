import type { Engine } from '../../resources/types.ts'
import type { CodeDeployReference, DeploymentGroupFacts } from '../code-deploy.ts'
import type {
  LoadBalancerFacts,
  RuleFacts,
  ScalingFacts,
  ServiceFacts,
  TargetGroupFacts,
  TaskDefinitionFacts,
} from '../observation.ts'

/** One of a service's load balancers, as CreateService was given it. */
export interface LoadBalancerEntry {
  readonly targetGroupArn: string | undefined
  /** Of a classic load balancer. */
  readonly loadBalancerName: string | undefined
  readonly containerName: string
  readonly containerPort: number
  /** Between which groups and by which rules ECS itself moves the traffic. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AdvancedConfiguration.html */
  readonly moved?: {
    readonly alternateTargetGroupArn: string | undefined
    readonly productionRule: string | undefined
    readonly testRule: string | undefined
    readonly roleArn: string | undefined
  }
}

export interface AdoptedService extends ServiceFacts {
  readonly loadBalancers: readonly LoadBalancerEntry[]
}

export interface AdoptedTargetGroup extends TargetGroupFacts {
  /** Fields of CreateTargetGroup by AWS's own names, but for the group's own name and tags. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
}

export interface AdoptedRule {
  readonly rule: RuleFacts
  /** Undefined for a listener's default action. */
  readonly priority: number | undefined
}

export interface AdoptedListener {
  readonly arn: string
  readonly port: number
  readonly protocol: 'HTTP' | 'HTTPS'
  /** Fields of CreateListener by AWS's own names that another listener of the same kind needs too: certificate and policies. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Its default action and its rules. */
  readonly rules: readonly AdoptedRule[]
}

/** All that was seen of a service that shall be adopted, and of the second side that it shall get. */
export interface AdoptionFacts {
  readonly service: AdoptedService | null
  readonly taskDefinition: TaskDefinitionFacts | undefined
  /** Digests of the images that its tasks run, by container: several where a tag was moved while they ran. */
  readonly imageDigests: Readonly<Record<string, readonly string[]>>
  /** What the registry says now of the tag that the task definition names. */
  readonly imageTagDigest: string | undefined
  /** The group that the service registers its tasks in; null where it has none, or AWS has it no more. */
  readonly targetGroup: AdoptedTargetGroup | null
  /** Targets of the group that are no tasks of the service. */
  readonly foreignTargets: readonly string[]
  /** The one that the group belongs to. */
  readonly loadBalancer: LoadBalancerFacts | null
  readonly listeners: readonly AdoptedListener[]
  /** What autoscaling may do to the service's count; null where it does not know the service, undefined where it can't be asked. */
  readonly scaling: ScalingFacts | null | undefined
  /** The deployment group of a service that CodeDeploy deploys, null where it does not exist; left out where nobody can say which one it is. */
  readonly deploymentGroup?: CodeDeployReference & { readonly group: DeploymentGroupFacts | null }
  /** What the traffic is moved to: of a service that AWS itself moves, the other target group that it has already. */
  readonly second: {
    readonly service: AdoptedService | null
    readonly targetGroup: AdoptedTargetGroup | null
  }
}

/** Whether autoscaling decides the count: it knows the service, or the person says so. */
export const isAutoscaled = (
  { scaling }: Pick<AdoptionFacts, 'scaling'>,
  wishes: Pick<AdoptionWishes, 'isAutoscaled'>,
): boolean => wishes.isAutoscaled || (scaling ?? null) !== null

/** What a person asks for. */
export interface AdoptionWishes {
  readonly cluster: string
  readonly service: string
  readonly environment: string
  /** Left out: the service's name, as far as it is one for a release. */
  readonly release: string | undefined
  /** Port of the listener by which gates reach the idle side; left out, there is none. */
  readonly testPort: number | undefined
  /** Application Auto Scaling decides the count of its tasks, also where it can't be asked. */
  readonly isAutoscaled: boolean
  /** Name of the second service; left out, the first one's with -green. */
  readonly greenService: string | undefined
  /** The engine that the person has in mind; left out, the one by which the service is deployed now. */
  readonly engine?: Engine | undefined
  /** Where nothing shows which deployment group of CodeDeploy deploys the service. */
  readonly deploymentGroup?: CodeDeployReference | undefined
  /** Name of the second target group; left out, the first one's with -green. */
  readonly greenTargetGroup: string | undefined
}
