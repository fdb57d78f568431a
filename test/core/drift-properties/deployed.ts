import { serviceFacts } from '../../../controller/adapters/aws/platform/service-facts.ts'
import type { Change } from '../../../controller/core/diff.ts'
import { diffRelease } from '../../../controller/core/diff.ts'
import { offlineDiff } from '../../../controller/core/offline-diff.ts'
import type { ServiceFacts } from '../../../controller/core/observation.ts'
import { needsNewDeployment, settingsChange } from '../../../controller/core/plan/settings.ts'
import { tagsChange } from '../../../controller/core/plan/tags.ts'
import type { ServiceSettings } from '../../../controller/resources/types.ts'
import type { ReleaseSpec } from '../../../controller/resources/generated/release.ts'
import type { EcsTestWorld } from '../../sandbox/support/ecs-world.ts'
import { behind, ecsWorld, partAt, partsAt } from '../../sandbox/support/ecs-world.ts'
import type { Wanted } from './wanted.ts'

type Document = Readonly<Record<string, unknown>>

/** A release as it was deployed in a sandbox of its own, where everybody may change it through the API. */
export class Deployed {
  readonly world: EcsTestWorld = ecsWorld()
  readonly wanted: Wanted
  readonly #groups: Readonly<Record<'blue' | 'green', string>>

  constructor(wanted: Wanted) {
    this.wanted = wanted
    const [green] = partsAt(
      this.world.elb('CreateTargetGroup', {
        Name: 'web-green',
        Protocol: 'HTTP',
        Port: 80,
        VpcId: 'vpc-1',
        TargetType: 'ip',
      }),
      'TargetGroups',
    )
    this.#groups = { blue: this.world.targetGroup('web-blue'), green: String(green?.['TargetGroupArn']) }
    this.world.ecs('CreateService', {
      ...wanted.settings,
      cluster: 'demo',
      serviceName: 'web-blue',
      taskDefinition: this.register(wanted.taskDefinition),
      desiredCount: 1,
      ...behind(this.#groups.blue),
    })
    this.turn({ blue: 100, green: 0 })
  }

  /** Registers a document as the next revision; its ARN. */
  register(document: Document): string {
    return String(
      partAt(this.world.ecs('RegisterTaskDefinition', document), 'taskDefinition')['taskDefinitionArn'],
    )
  }

  update(input: Document): void {
    this.world.ecs('UpdateService', { cluster: 'demo', service: 'web-blue', ...input })
  }

  tag(tags: readonly Document[]): void {
    this.world.ecs('TagResource', { resourceArn: this.#service()['serviceArn'], tags })
  }

  /** Sets the weights of the production listener's forward action. */
  turn(weights: Readonly<Record<'blue' | 'green', number>>): void {
    const groups = (['blue', 'green'] as const).map((side) => ({
      TargetGroupArn: this.#groups[side],
      Weight: weights[side],
    }))
    const [listener] = this.#listeners()
    const actions = [{ Type: 'forward', ForwardConfig: { TargetGroups: groups } }]
    this.world.elb('ModifyListener', { ListenerArn: listener?.['ListenerArn'], DefaultActions: actions })
  }

  /** Puts settings and tags back as the controller does: in one call, or on the side that a rollout starts. */
  correct(): void {
    const settings = this.wanted.settings as ServiceSettings
    const facts = this.#facts()
    const change = settingsChange(facts, settings)
    const { inPlace, replacing } = change
    const replaced = Object.entries(settings).filter(([name]) => replacing.includes(name))
    this.update({
      ...inPlace,
      ...Object.fromEntries(replaced),
      ...(needsNewDeployment(change) ? { forceNewDeployment: true } : {}),
    })
    const { set } = tagsChange(facts, settings, {})
    if (Object.keys(set).length > 0) this.tag(Object.entries(set).map(([key, value]) => ({ key, value })))
  }

  /** What `diff --live` says of what AWS's API shows now. */
  changes(): readonly Change[] {
    const service = this.#service()
    const described = this.world.ecs('DescribeTaskDefinition', { taskDefinition: service['taskDefinition'] })
    return offlineDiff({
      release: { name: 'web', spec: this.#spec(), taskDefinitionDocument: this.wanted.taskDefinition },
      environment: 'prod',
      live: {
        service,
        taskDefinition: partAt(described, 'taskDefinition'),
        listeners: this.#listeners(),
        targetGroups: partsAt(this.world.elb('DescribeTargetGroups', {}), 'TargetGroups'),
      },
    })
  }

  /** The same of the service's settings by the facts that the controller reads. */
  changesOfFacts(): readonly Change[] {
    const { settings } = this.wanted
    return diffRelease({ service: { name: 'web-blue', settings } }, { service: this.#facts() })
  }

  #facts(): ServiceFacts {
    return serviceFacts(withoutTimes(this.#service()))
  }

  #spec(): ReleaseSpec {
    return {
      taskDefinition: { file: 'taskdefs/web.json' },
      service: { cluster: 'demo', desiredCount: 1, settings: this.wanted.settings },
      traffic: {
        loadBalancer: 'lb-web-blue',
        rule: { port: Number(this.#listeners()[0]?.['Port']) },
        targetGroups: { blue: 'web-blue', green: 'web-green' },
      },
    }
  }

  #service(): Document {
    const input = { cluster: 'demo', services: ['web-blue'], include: ['TAGS'] }
    const [service] = partsAt(this.world.ecs('DescribeServices', input), 'services')
    if (service === undefined) throw new Error('the service is gone')
    return service
  }

  #listeners(): readonly Document[] {
    const [group] = partsAt(
      this.world.elb('DescribeTargetGroups', { TargetGroupArns: [this.#groups.blue] }),
      'TargetGroups',
    )
    const [loadBalancerArn] = (group?.['LoadBalancerArns'] ?? []) as readonly string[]
    return partsAt(this.world.elb('DescribeListeners', { LoadBalancerArn: loadBalancerArn }), 'Listeners')
  }
}

/** The SDK makes dates of the wire's times, of which nothing here depends. */
function withoutTimes({ createdAt: _created, ...service }: Document): Parameters<typeof serviceFacts>[0] {
  const deployments = (service['deployments'] ?? []) as readonly Document[]
  return {
    ...service,
    events: [],
    deployments: deployments.map(({ createdAt: _made, updatedAt: _changed, ...deployment }) => deployment),
  }
}
