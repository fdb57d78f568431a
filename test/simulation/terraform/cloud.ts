import { readFileSync } from 'node:fs'
import { ACCOUNT, ENVIRONMENT, REGION } from '../aws/shape.ts'
import type { Pair } from '../aws/shape.ts'
import type { SideName } from '../aws/names.ts'
import { forwardTo, writeByHand } from '../aws/listeners.ts'
import { seeRelease, sideNames } from '../aws/view.ts'
import type { SimulatedAws } from '../aws/simulated-aws.ts'
import type { Values, WantedResource } from './root.ts'

const TASK_DEFINITION = readFileSync(
  new URL('../../../manifests/demo/repository/deploy/taskdefs/web.json', import.meta.url),
  'utf8',
)

/** An object of the cloud, by what Terraform's state knows it. */
export interface CloudObject {
  readonly address: string
  readonly arn: string
  readonly values: Values
}

/** What the provider can make, read, change and destroy: task definitions and listeners in the simulated AWS, and a few things that nothing there depends on. */
export class Cloud {
  readonly #aws: SimulatedAws
  readonly #pairs: readonly Pair[]
  readonly #objects = new Map<string, CloudObject>()
  #made = 0

  constructor(aws: SimulatedAws, pairs: readonly Pair[]) {
    this.#aws = aws
    this.#pairs = pairs
  }

  /** The listeners that were made with the releases' target groups, long before. */
  listeners(): readonly CloudObject[] {
    return this.#pairs.map((pair) => ({
      address: `aws_lb_listener.${pair.release}`,
      arn: pair.production[0] ?? '',
      values: { default_action: this.#weights(pair) },
    }))
  }

  /** Makes an object, also where there is one of that address already: AWS knows no addresses. */
  create({ address, type, name, values }: WantedResource): CloudObject {
    this.#made += 1
    const arn =
      type === 'aws_ecs_task_definition'
        ? this.#register(name, String(values['image']))
        : `arn:aws:ec2:${REGION}:${ACCOUNT}:${type}/${this.#made}`
    const object = { address, arn, values }
    this.#objects.set(arn, object)
    return object
  }

  /** The attributes as they are now; undefined for what is gone. */
  read({ arn }: Pick<CloudObject, 'arn'>): Values | undefined {
    const pair = this.#pairs.find(({ production }) => production.includes(arn))
    return pair === undefined ? this.#objects.get(arn)?.values : { default_action: this.#weights(pair) }
  }

  update({ address, arn }: Pick<CloudObject, 'address' | 'arn'>, values: Values): void {
    const pair = this.#pairs.find(({ production }) => production.includes(arn))
    if (pair === undefined) this.#objects.set(arn, { address, arn, values })
    else writeByHand(this.#aws, arn, forwardTo(pair.targetGroups, weightsIn(values)))
  }

  /** A task definition stays registered (`skip_destroy`), and a listener stays too: nothing here destroys one. */
  destroy({ arn }: Pick<CloudObject, 'arn'>): void {
    this.#objects.delete(arn)
  }

  /** What there is of a type, whoever knows it. */
  all(type: string): readonly CloudObject[] {
    return [...this.#objects.values()].filter(({ address }) => address.startsWith(`${type}.`))
  }

  #weights(pair: Pair): readonly string[] {
    const { weights } = seeRelease(this.#aws, pair)
    return sideNames.map((side) => `${pair.release}-${side}:${weights?.[side] ?? 0}`)
  }

  #register(release: string, image: string): string {
    const { containerDefinitions, ...document } = JSON.parse(TASK_DEFINITION) as {
      readonly containerDefinitions: readonly object[]
    }
    const output = this.#aws.byHand('ecs', 'RegisterTaskDefinition', {
      ...document,
      family: `${ENVIRONMENT}-${release}`,
      containerDefinitions: containerDefinitions.map((one) => ({ ...one, name: release, image })),
    })
    return String((output['taskDefinition'] as Values)['taskDefinitionArn'])
  }
}

/** The weights in a shortened action such as `["web-blue:100", "web-green:0"]`. */
function weightsIn({ default_action: action }: Values): Record<SideName, number> {
  const of = (side: SideName): number =>
    Number((action as readonly string[]).find((text) => text.includes(`-${side}:`))?.split(':')[1] ?? 0)
  return { blue: of('blue'), green: of('green') }
}
