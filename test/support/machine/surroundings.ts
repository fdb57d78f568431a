import type { Sandbox } from '../../../controller/sandbox/server.ts'
import type { Load } from '../load.ts'
import { startLoad, versionIn } from '../load.ts'
import type { TestRepository } from '../repository.ts'
import { callSandbox, IMAGE_REPOSITORY } from './shape.ts'

type HandCall = Parameters<typeof callSandbox>[1]

/** The world around a controller, as users, people with a console and git see and change it. */
export class Surroundings {
  readonly sandbox: Sandbox
  readonly repository: TestRepository
  readonly #loads: Load[] = []
  readonly #byHand = new Map<string, number>()

  constructor({ sandbox, repository }: { readonly sandbox: Sandbox; readonly repository: TestRepository }) {
    this.sandbox = sandbox
    this.repository = repository
  }

  /** The version that a request to the port gets. */
  async served(port = 80, loadBalancer = 'demo'): Promise<string> {
    const response = await fetch(await this.url(port, loadBalancer))
    return response.ok ? versionIn(await response.text()) : String(response.status)
  }

  async url(port = 80, loadBalancer = 'demo'): Promise<string> {
    const response = await fetch(`${this.sandbox.url}/_sandbox/listeners`)
    const rows = (await response.json()) as { loadBalancer: string; port: number; url: string }[]
    const row = rows.find((candidate) => candidate.port === port && candidate.loadBalancer === loadBalancer)
    if (row === undefined) throw new Error(`no listener at port ${port} of ${loadBalancer}`)
    return row.url
  }

  /** Requests from now on, until the test stops them or ends. */
  async load(): Promise<Load> {
    const load = startLoad(await this.url())
    this.#loads.push(load)
    await load.more(10)
    return load
  }

  /** Weights of the production listener, by side. */
  weights(release = 'web', port = 80): { readonly blue: number; readonly green: number } {
    const { elb } = this.sandbox.world
    const listener = elb.tables.listeners.list().find((candidate) => candidate.port === port)
    const output = callSandbox(this.sandbox, {
      service: 'elasticloadbalancing',
      operation: 'DescribeListeners',
      input: { ListenerArns: [listener?.arn] },
    }) as {
      Listeners: {
        DefaultActions: { ForwardConfig: { TargetGroups: { TargetGroupArn: string; Weight: number }[] } }[]
      }[]
    }
    const groups = output.Listeners[0]?.DefaultActions[0]?.ForwardConfig.TargetGroups ?? []
    const of = (side: string): number =>
      groups.find((group) => group.TargetGroupArn.includes(`/${release}-${side}/`))?.Weight ?? 0
    return { blue: of('blue'), green: of('green') }
  }

  /** Sets weights as a person with the console does. */
  setWeightsByHand(
    weights: { readonly blue: number; readonly green: number },
    { port = 80, stickySeconds }: { readonly port?: number; readonly stickySeconds?: number } = {},
  ): void {
    const { elb } = this.sandbox.world
    const listener = elb.tables.listeners.list().find((candidate) => candidate.port === port)
    const TargetGroups = (['blue', 'green'] as const).map((side) => ({
      TargetGroupArn: elb.tables.targetGroups.list().find((group) => group.name === `web-${side}`)?.arn,
      Weight: weights[side],
    }))
    const TargetGroupStickinessConfig = { Enabled: true, DurationSeconds: stickySeconds }
    const ForwardConfig =
      stickySeconds === undefined ? { TargetGroups } : { TargetGroups, TargetGroupStickinessConfig }
    const DefaultActions = [{ Type: 'forward', ForwardConfig }]
    const input = { ListenerArn: listener?.arn, DefaultActions }
    this.byHand({ service: 'elasticloadbalancing', operation: 'ModifyListener', input })
  }

  desiredCount(service: string): number {
    const { services } = callSandbox(this.sandbox, {
      service: 'ecs',
      operation: 'DescribeServices',
      input: { cluster: 'demo', services: [service] },
    }) as { services: { desiredCount: number }[] }
    return services[0]?.desiredCount ?? 0
  }

  /** Family and revision that the service runs. */
  revisionOf(service: string): string {
    const { services } = callSandbox(this.sandbox, {
      service: 'ecs',
      operation: 'DescribeServices',
      input: { cluster: 'demo', services: [service] },
    }) as { services: { taskDefinition: string }[] }
    return services[0]?.taskDefinition.split('/').at(-1) ?? ''
  }

  /** A call that somebody else makes: it is left out of {@link Machine.writes}. */
  byHand(call: HandCall): void {
    callSandbox(this.sandbox, call)
    this.#byHand.set(call.operation, (this.#byHand.get(call.operation) ?? 0) + 1)
  }

  /** Writes to AWS that the controllers made so far, by operation. */
  writes(): Record<string, number> {
    const rows = this.sandbox.world.calls.list().filter(({ writes }) => writes)
    const counts = rows.map(
      ({ operation, count }) => [operation, count - this.#madeByOthers(operation)] as const,
    )
    return Object.fromEntries(counts.filter(([, count]) => count > 0))
  }

  /** The behaviour of an image's tasks, by its tag. */
  async behaves(version: string, behavior: object): Promise<void> {
    await this.#admin('POST', 'images', { image: `${IMAGE_REPOSITORY}:${version}`, behavior })
  }

  async fault(fault: object): Promise<void> {
    await this.#admin('POST', 'faults', fault)
  }

  async noFaults(): Promise<void> {
    await this.#admin('DELETE', 'faults')
  }

  /** What `deploy/demo/current` names; undefined without it. */
  currentCommit(): string | undefined {
    const tags = this.repository.git([
      'for-each-ref',
      '--format=%(*objectname) %(objectname)',
      'refs/tags/deploy/demo/current',
    ])
    return tags.trim().split(' ')[0] || undefined
  }

  /** The numbers of the records in git. */
  records(): number[] {
    const names = this.repository.git([
      'for-each-ref',
      '--format=%(refname:lstrip=4)',
      'refs/tags/deploy/demo',
    ])
    return names
      .split('\n')
      .map(Number)
      .filter(Number.isInteger)
      .filter((number) => number > 0)
      .toSorted((a, b) => a - b)
  }

  async endLoads(): Promise<void> {
    await Promise.all(this.#loads.map((load) => load.stop()))
  }

  #madeByOthers(operation: string): number {
    return (SHAPE_WRITES[operation] ?? 0) + (this.#byHand.get(operation) ?? 0)
  }

  async #admin(method: string, path: string, body?: object): Promise<void> {
    const response = await fetch(`${this.sandbox.url}/_sandbox/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(await response.text())
  }
}

/** What making the shape of one pair costs; the machine's own. */
const SHAPE_WRITES: Readonly<Record<string, number>> = {
  CreateCluster: 1,
  CreateLoadBalancer: 1,
  CreateTargetGroup: 2,
  ModifyTargetGroupAttributes: 2,
  CreateListener: 2,
}
