import type { AdoptionFacts, AdoptionWishes } from '../../core/adopt.ts'
import { imageParts } from '../../core/adopt/image-name.ts'
import { engineOf } from '../../core/adopt/moved.ts'
import { namesOf } from '../../core/adopt/names.ts'
import { servingImage } from '../../core/adopt/release-document.ts'
import type { AdoptedService, AdoptedTargetGroup } from '../../core/adopt/facts.ts'
import type { ScalingFacts } from '../../core/observation.ts'
import type { AdoptionAws } from '../../ports/adoption.ts'
import { PortError } from '../../ports/error.ts'
import type { CodeDeploy } from '../../ports/code-deploy.ts'
import type { Platform, ServiceReference } from '../../ports/platform.ts'
import type { Registry } from '../../ports/registry.ts'
import type { Traffic } from '../../ports/traffic.ts'

/** Through what an adoption looks at an account, and writes to it. */
export interface AdoptionConnections {
  readonly adoption: AdoptionAws
  readonly platform: Platform
  readonly traffic: Traffic
  readonly registry: Registry
  readonly codeDeploy: Pick<CodeDeploy, 'look'>
}

/** Sees all that a decision about the adoption needs. Writes nothing. */
export async function lookAt(
  connections: AdoptionConnections,
  wishes: AdoptionWishes,
): Promise<AdoptionFacts> {
  const { adoption, platform } = connections
  const reference = { cluster: wishes.cluster, name: wishes.service }
  const service = await adoption.service(reference)
  if (service === null) return NOTHING
  const arn = service.targetGroupArns[0]
  const [taskDefinition, imageDigests, targetGroup, scaling] = await Promise.all([
    platform.taskDefinition(service.taskDefinition),
    adoption.imageDigests(reference),
    arn === undefined ? null : adoption.targetGroup({ arn }),
    scalingOf(connections, reference),
  ])
  const deployedBy = await deploymentGroupOf(connections, service, wishes)
  const seen = { ...NOTHING, service, taskDefinition, imageDigests, targetGroup, scaling, ...deployedBy }
  const imageTagDigest = await digestOfTag(connections, seen)
  if (engineOf(service) !== 'TargetGroupSwap')
    return {
      ...seen,
      imageTagDigest,
      ...(targetGroup === null ? {} : await lookBefore(connections, service, targetGroup)),
      second: { service: null, targetGroup: await otherGroup(connections, seen) },
    }
  const names = namesOf(wishes, targetGroup?.name ?? wishes.service)
  const [behind, secondService, secondGroup] = await Promise.all([
    targetGroup === null ? {} : lookBefore(connections, service, targetGroup),
    adoption.service({ cluster: wishes.cluster, name: names.services.green }),
    adoption.targetGroup({ name: names.targetGroups.green }),
  ])
  return {
    ...seen,
    imageTagDigest,
    ...behind,
    second: { service: secondService, targetGroup: secondGroup },
  }
}

/** By which deployment group CodeDeploy deploys the service, by what has made its tasks; else what a person names. */
async function deploymentGroupOf(
  { adoption, codeDeploy }: AdoptionConnections,
  service: AdoptedService,
  wishes: AdoptionWishes,
): Promise<Pick<AdoptionFacts, 'deploymentGroup'>> {
  if (engineOf(service) !== 'CodeDeploy') return {}
  const deployment = service.taskSets?.find(({ status }) => status === 'PRIMARY')?.externalId
  const made = deployment === undefined ? undefined : await adoption.deploymentGroupOf(deployment)
  const reference = wishes.deploymentGroup ?? made
  if (reference === undefined) return {}
  const { group } = await codeDeploy.look(reference)
  return { deploymentGroup: { ...reference, group } }
}

/** The target group that takes turns with the service's own. */
async function otherGroup(
  { adoption }: AdoptionConnections,
  { service, targetGroup, deploymentGroup }: AdoptionFacts,
): Promise<AdoptedTargetGroup | null> {
  const arn = service?.loadBalancers[0]?.moved?.alternateTargetGroupArn
  if (arn !== undefined) return adoption.targetGroup({ arn })
  const name = deploymentGroup?.group?.targetGroups.find((one) => one !== targetGroup?.name)
  return name === undefined ? null : adoption.targetGroup({ name })
}

const NOTHING: AdoptionFacts = {
  service: null,
  taskDefinition: undefined,
  imageDigests: {},
  imageTagDigest: undefined,
  targetGroup: null,
  foreignTargets: [],
  loadBalancer: null,
  listeners: [],
  scaling: undefined,
  second: { service: null, targetGroup: null },
}

/** The load balancer in front of a target group, and who else is in the group. */
async function lookBefore(
  { adoption, platform, traffic }: AdoptionConnections,
  service: AdoptedService,
  targetGroup: AdoptedTargetGroup,
): Promise<Partial<AdoptionFacts>> {
  const [arn] = targetGroup.loadBalancerArns
  const loadBalancer = arn === undefined ? null : await adoption.loadBalancer(arn)
  if (loadBalancer?.type !== 'application') return { loadBalancer }
  const [listeners, targets, tasks] = await Promise.all([
    adoption.listeners(loadBalancer.arn),
    traffic.targets(targetGroup.arn),
    platform.tasks({ cluster: service.cluster, name: service.name }),
  ])
  const own = new Set(tasks.flatMap(({ targetIds }) => targetIds))
  const foreignTargets = targets
    .filter(({ state }) => state !== 'draining')
    .map(({ id, port }) => (own.has(id) ? id : `${id}:${port}`))
    .filter((id) => !own.has(id))
  return { loadBalancer, listeners, foreignTargets }
}

/** Undefined where the role may not ask: then a person says whether the service is autoscaled. */
async function scalingOf(
  { platform }: AdoptionConnections,
  reference: ServiceReference,
): Promise<ScalingFacts | null | undefined> {
  try {
    const [scaling = null] = await platform.scaling([reference])
    return scaling
  } catch (error) {
    if (error instanceof PortError && error.handling === 'stall') return undefined
    throw error
  }
}

/** Undefined without a tag, or where the registry is none that can be asked: then the digest is named. */
async function digestOfTag(
  { registry }: AdoptionConnections,
  facts: Pick<AdoptionFacts, 'service' | 'taskDefinition'>,
): Promise<string | undefined> {
  const { repository, tag } = imageParts(servingImage(facts))
  if (tag === undefined) return undefined
  try {
    return await registry.resolve({ repository, tag })
  } catch (error) {
    if (error instanceof PortError && error.handling === 'stall') return undefined
    throw error
  }
}
