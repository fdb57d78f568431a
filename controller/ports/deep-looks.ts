import type { BalancerContents } from '../core/unmanaged.ts'
import type { RunningImage } from '../core/running-images.ts'
import type { EcsDocument, ServiceReference } from './platform.ts'
import type { ImageName } from './registry.ts'

/** What only the deep sweep asks for. All calls together take at most a fifth of what AWS lets through, so an answer may be long in coming. */
export interface DeepLooks {
  /** A target group's attributes by Elastic Load Balancing's own names; null for a group that is gone. */
  attributes(targetGroupArn: string): Promise<Readonly<Record<string, string>> | null>
  /** Tags of a target group, a rule or a listener, by its ARN, twenty to a call; null for one that is gone. */
  tags(arn: string): Promise<Readonly<Record<string, string>> | null>
  /** What the tag means in the registry now; undefined where there is no such image. Answers may be a minute old. */
  digest(image: ImageName): Promise<string | undefined>
  /** The same with the digests of its platforms after its own, where it is an index of them; undefined for a registry that is none of Amazon ECR, too. */
  meaning(image: ImageName): Promise<readonly string[] | undefined>
  /** What a service revision runs, twenty revisions to a call; null for one that ECS does not know. Kept for ever once every container has its digest. */
  running(serviceRevisionArn: string): Promise<readonly RunningImage[] | null>
  /** Policies by which autoscaling sets the count of a service, as described; none where there are none. A call for each service. */
  policies(service: ServiceReference): Promise<readonly EcsDocument[]>
  /** Names of all services of a cluster, a hundred to a call. Rejects with a PortError where there are more than 10,000. */
  services(cluster: string): Promise<readonly string[]>
  /** All rules and target groups of a load balancer, by its ARN: a call for its listeners, one for the rules of each, one for the groups. */
  behind(loadBalancerArn: string): Promise<BalancerContents>
}
