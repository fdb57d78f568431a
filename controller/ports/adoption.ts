import type { AdoptedListener, AdoptedService, AdoptedTargetGroup } from '../core/adopt/facts.ts'
import type { CodeDeployReference } from '../core/code-deploy.ts'
import type { LoadBalancerFacts } from '../core/observation.ts'
import type { Receipt, ServiceReference } from './platform.ts'

type Members = Readonly<Record<string, unknown>>
type Tags = Readonly<Record<string, string>>

/** What only the adoption of a service asks of Amazon ECS and Elastic Load Balancing, in one account and region. Reads are fresh; each write is one attempt. */
export interface AdoptionAws {
  /** Null for one that does not exist. */
  service(reference: ServiceReference): Promise<AdoptedService | null>
  /** Digests of the images that the service's running tasks run, by container. */
  imageDigests(reference: ServiceReference): Promise<Readonly<Record<string, readonly string[]>>>
  /** With its attributes and tags; null for one that does not exist. */
  targetGroup(named: { readonly arn: string } | { readonly name: string }): Promise<AdoptedTargetGroup | null>
  loadBalancer(arn: string): Promise<LoadBalancerFacts | null>
  /** All listeners of an application load balancer, with all their rules. */
  listeners(loadBalancerArn: string): Promise<readonly AdoptedListener[]>
  /** The deployment group of CodeDeploy that made a deployment; undefined where CodeDeploy knows it no more. */
  deploymentGroupOf(deployment: string): Promise<CodeDeployReference | undefined>
  /** The same one again, where one of this name with these settings exists. */
  createTargetGroup(request: {
    readonly name: string
    /** Fields of CreateTargetGroup by AWS's own names. */
    readonly settings: Members
    readonly tags: Tags
  }): Promise<Receipt>
  setTargetGroupAttributes(request: {
    readonly arn: string
    readonly attributes: Readonly<Record<string, string>>
  }): Promise<Receipt>
  /** A listener whose default action forwards to the group. */
  createListener(request: {
    readonly loadBalancerArn: string
    readonly port: number
    readonly protocol: 'HTTP' | 'HTTPS'
    /** Other fields of CreateListener by AWS's own names. */
    readonly settings: Members
    readonly targetGroupArn: string
    readonly tags: Tags
  }): Promise<Receipt>
  /** A rule for one host, one path or both that forwards to the group. */
  createRule(request: {
    readonly listenerArn: string
    readonly priority: number
    readonly host: string | undefined
    readonly path: string | undefined
    readonly targetGroupArn: string
    readonly tags: Tags
  }): Promise<Receipt>
}
