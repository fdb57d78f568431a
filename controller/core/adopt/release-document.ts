import type { Engine, TrafficRule } from '../../resources/types.ts'
import type { AdoptedRule, AdoptedService, AdoptionFacts, AdoptionWishes } from './facts.ts'
import { isAutoscaled } from './facts.ts'
import { imageParts } from './image-name.ts'
import type { AdoptedNames } from './names.ts'
import { productionRules } from './refuse-traffic.ts'
import { broughtBy, movedStrategy } from './moved-members.ts'
import { engineOf, movedRules } from './moved.ts'
import { ruleName } from './rule-name.ts'
import { containersOf } from './same-content.ts'
import { settingsOf } from './settings.ts'
import { testRuleOf } from './test-rule.ts'

/** What is there for certain once nothing refuses the adoption. */
export interface Adoptable extends AdoptionFacts {
  readonly service: AdoptedService
  readonly taskDefinition: NonNullable<AdoptionFacts['taskDefinition']>
  readonly targetGroup: NonNullable<AdoptionFacts['targetGroup']>
  readonly loadBalancer: NonNullable<AdoptionFacts['loadBalancer']>
}

/** The image of the container that takes the requests, where its digest is known. */
export interface AdoptedImage {
  readonly container: string
  readonly repository: string
  readonly tag: string | undefined
  readonly digest: string
}

/** What a Release may call a repository. */
const REPOSITORY = /^[a-z0-9]([-a-z0-9._]*[a-z0-9])?(:[0-9]+)?(\/[a-z0-9]([-a-z0-9._]*[a-z0-9])?)*$/

/** The image of the container that takes the requests, as the task definition names it; empty where there is none. */
export function servingImage({
  service,
  taskDefinition,
}: Pick<AdoptionFacts, 'service' | 'taskDefinition'>): string {
  const container = service?.loadBalancers[0]?.containerName
  const found = containersOf(taskDefinition?.document ?? {}).find(({ name }) => name === container)
  return typeof found?.['image'] === 'string' ? found['image'] : ''
}

/** Undefined where nobody knows the digest: then the task definition itself names the image. */
export function imageOf(
  facts: Pick<Adoptable, 'service' | 'taskDefinition' | 'imageDigests'>,
): AdoptedImage | undefined {
  const container = facts.service.loadBalancers[0]?.containerName ?? ''
  const { repository, tag, digest } = imageParts(servingImage(facts))
  const ran = digest ?? facts.imageDigests[container]?.[0]
  if (ran === undefined || !REPOSITORY.test(repository)) return undefined
  return { container, repository, tag, digest: ran }
}

/** The Release of an adopted service: what runs, where it runs, as it runs. */
export function releaseDocument(facts: Adoptable, wishes: AdoptionWishes, names: AdoptedNames): object {
  const { service, taskDefinition, targetGroup, loadBalancer, listeners } = facts
  const image = imageOf(facts)
  const engine = engineOf(service)
  const { production, test } = engine === 'TargetGroupSwap' ? pairRules(facts, wishes) : namedRules(facts)
  const rules = production.map(({ rule }) => ruleName(rule, listeners))
  const containerPort = service.loadBalancers[0]?.containerPort
  return {
    apiVersion: 'steersman.dev/v1alpha1',
    kind: 'Release',
    metadata: { name: names.release },
    spec: {
      ...engineMembers(facts, engine),
      ...(image === undefined ? {} : { image: imageField(image, facts.imageTagDigest) }),
      taskDefinition: { file: taskDefinitionPath(names) },
      adopted: {
        taskDefinition: taskDefinition.arn,
        ...(image === undefined ? {} : { image: image.digest }),
        ...adoptedImages(facts, image?.container),
      },
      service: {
        cluster: service.cluster,
        ...(engine === 'TargetGroupSwap' ? { names: names.services } : { name: service.name }),
        ...(isAutoscaled(facts, wishes) ? {} : { desiredCount: service.desiredCount }),
        settings: broughtBy(engine, settingsOf(service)),
      },
      traffic: {
        loadBalancer: loadBalancer.name,
        ...(rules.length === 1 ? { rule: rules[0] } : { rules }),
        ...(test === undefined ? {} : { test }),
        targetGroups: names.targetGroups,
        ...(containerPort === undefined ? {} : { containerPort }),
      },
      strategy:
        engine === 'TargetGroupSwap'
          ? { type: 'BlueGreen', bake: '5m', keepPrevious: '30m' }
          : movedStrategy(service, engine),
      ...(test === undefined ? {} : { gates: gates(targetGroup.settings) }),
    },
  }
}

interface NamedRules {
  readonly production: readonly AdoptedRule[]
  readonly test: TrafficRule | undefined
}

const pairRules = (facts: Adoptable, wishes: AdoptionWishes): NamedRules => ({
  production: productionRules(facts.listeners, facts.targetGroup.arn, wishes.testPort),
  test: testRuleOf(facts, wishes)?.name,
})

function namedRules(facts: Adoptable): NamedRules {
  const { production, test } = movedRules(facts)
  return { production, test: test === undefined ? undefined : ruleName(test, facts.listeners) }
}

function engineMembers({ service, deploymentGroup }: Adoptable, engine: Engine): object {
  if (engine === 'TargetGroupSwap') return {}
  if (engine === 'Native') return { engine, engineRoleArn: service.loadBalancers[0]?.moved?.roleArn }
  const { application, deploymentGroup: group } = deploymentGroup ?? {}
  return { engine, codeDeploy: { application, deploymentGroup: group } }
}

export const taskDefinitionPath = ({ release }: AdoptedNames): string => `taskdefs/${release}.json`

/** What the tags of the other containers stood for, as far as their tasks agree on it: for when the release names several images. */
function adoptedImages(
  { taskDefinition, imageDigests }: Adoptable,
  serving: string | undefined,
): { readonly images?: Readonly<Record<string, string>> } {
  const images = containersOf(taskDefinition.document).flatMap(({ name, image }): [string, string][] => {
    if (typeof name !== 'string' || typeof image !== 'string' || name === serving) return []
    const [ran, ...others] = imageDigests[name] ?? []
    const isNamed = imageParts(image).digest !== undefined
    return isNamed || ran === undefined || others.length > 0 ? [] : [[name, ran]]
  })
  return images.length === 0 ? {} : { images: Object.fromEntries(images.slice(0, MOST_IMAGES)) }
}

/** `spec.images` holds no more either. */
const MOST_IMAGES = 10

/** The tag says more to people; it is named where it still stands for what runs. */
function imageField(
  { container, repository, tag, digest }: AdoptedImage,
  tagDigest: string | undefined,
): object {
  const isCurrent = tag !== undefined && tagDigest === digest
  return { container, repository, ...(isCurrent ? { tag } : { digest }) }
}

/** The load balancer's own question, asked of the idle side before it gets the traffic. */
function gates({ HealthCheckPath: path }: Readonly<Record<string, unknown>>): object[] {
  const asked = typeof path === 'string' ? path : '/'
  return [{ name: 'smoke', when: 'Verify', http: { path: asked, successes: 3 }, timeout: '2m' }]
}
