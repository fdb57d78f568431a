import type {
  ApiClient,
  EnvironmentView,
  ListView,
  ReleaseView,
  RolloutView,
} from '../../controller/api/client.ts'
import type { CommandContext, Starters } from '../../controller/cli/context.ts'
import { runProgram } from '../../controller/cli/program.ts'
import { readOneFile, readTree } from '../../controller/compose/read-tree.ts'

export interface Told {
  readonly code: number
  readonly out: string
  readonly err: string
}

const notHere = (): Promise<never> => Promise.reject(new Error('this test starts nothing'))

const noStarters: Starters = {
  version: '1.2.3',
  run: notHere,
  demo: notHere,
  sandbox: notHere,
  readTree,
  readFile: readOneFile,
  diffLive: notHere,
  planEnvironment: notHere,
  planRoot: notHere,
  commitPin: notHere,
  adopt: notHere,
  writeFiles: notHere,
  customResourceDefinitions: () => Promise.resolve(['kind: A\n', '---\nkind: B\n']),
}

export interface Stage {
  readonly starters?: Partial<Starters>
  readonly client?: Partial<ApiClient>
  readonly variables?: Readonly<Record<string, string>>
  readonly hasColor?: boolean
  readonly signal?: AbortSignal
  /** Told which server and that a client was made. */
  readonly onServer?: (server: string | undefined) => void
}

/** Noon of a day on which every test happens. */
const NOW = Date.parse('2026-11-21T12:00:00Z')

/** Carries one command line out and tells what a person would have seen. */
export async function steersman(args: readonly string[], stage: Stage = {}): Promise<Told> {
  let out = ''
  let err = ''
  const context: CommandContext = {
    terminal: {
      out: (text) => void (out += text),
      error: (text) => void (err += text),
      isTerminal: stage.hasColor ?? false,
      hasColor: stage.hasColor ?? false,
      columns: 100,
    },
    variables: stage.variables ?? {},
    starters: { ...noStarters, ...stage.starters },
    client: (server) => {
      stage.onServer?.(server)
      return (stage.client ?? {}) as ApiClient
    },
    signal: stage.signal ?? new AbortController().signal,
    now: () => NOW,
  }
  const code = await runProgram(args, context)
  return { code, out, err }
}

const metadata = (name: string, labels?: Record<string, string>) => ({
  name,
  generation: 1,
  resourceVersion: '7',
  creationTimestamp: '2026-11-20T12:00:00Z',
  uid: '00000000-0000-4000-8000-000000000000',
  ...(labels === undefined ? {} : { labels }),
})

export const condition = (type: string, status: 'True' | 'False', reason: string, message: string) => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: '2026-11-21T11:00:00Z',
})

export const environmentView = (status: EnvironmentView['status'] = {}): EnvironmentView => ({
  apiVersion: 'steersman.dev/v1alpha1',
  kind: 'Environment',
  metadata: metadata('prod'),
  spec: {
    source: { repository: 'https://example.com/shop.git', branch: 'prod' },
    aws: { region: 'eu-west-1' },
  },
  status: {
    conditions: [condition('Ready', 'True', 'Serving', '1 releases serve')],
    head: { commit: 'a'.repeat(40), subject: 'Add a cart' },
    tag: { object: 'b'.repeat(40), commit: 'a'.repeat(40) },
    deployed: { number: 42, commit: 'a'.repeat(40) },
    ...status,
  },
})

export const releaseView = (status: ReleaseView['status'] = {}): ReleaseView => ({
  apiVersion: 'steersman.dev/v1alpha1',
  kind: 'Release',
  metadata: metadata('prod-web', { 'steersman.dev/environment': 'prod', 'steersman.dev/release': 'web' }),
  spec: { taskDefinition: { file: 'taskdefs/web.json' }, service: { cluster: 'shop' } },
  status: {
    conditions: [condition('Ready', 'True', 'Serving', 'the wanted version serves')],
    live: { side: 'green', taskDefinition: taskDefinition(57), since: '2026-11-21T11:57:00Z' },
    traffic: { blue: 0, green: 100 },
    rollout: 'prod-web-42',
    revision: `prod@sha1:${'a'.repeat(40)}`,
    ...status,
  },
})

export const taskDefinition = (revision: number): string =>
  `arn:aws:ecs:eu-west-1:123456789012:task-definition/prod-web:${revision}`

export const rolloutView = (
  number: number,
  { revision = number, status = {} }: { revision?: number; status?: RolloutView['status'] } = {},
): RolloutView => ({
  apiVersion: 'steersman.dev/v1alpha1',
  kind: 'Rollout',
  metadata: metadata(`prod-web-${number}`),
  spec: {
    environment: 'prod',
    release: 'web',
    number,
    commit: 'a'.repeat(40),
    revision: `prod@sha1:${'a'.repeat(40)}`,
    why: 'Commit',
    who: 'Dora <dora@example.com>',
    digest: `sha256:${String(revision).repeat(4)}`,
    image: { repository: 'shop/web', tag: `v${revision}`, digest: 'sha256:0' },
    taskDefinition: taskDefinition(revision),
    from: { side: 'blue' },
    to: { side: 'green' },
    service: { cluster: 'shop', names: { blue: 'web-blue', green: 'web-green' } },
    strategy: { type: 'BlueGreen' },
  },
  status: {
    phase: 'Succeeded',
    outcome: 'Succeeded',
    startedAt: '2026-11-21T11:50:00Z',
    finishedAt: '2026-11-21T11:54:00Z',
    message: 'the new version serves',
    ...status,
  },
})

export const listOf = <Item extends EnvironmentView | ReleaseView | RolloutView>(
  kind: Item['kind'],
  items: readonly Item[],
): ListView<Item> => ({
  apiVersion: 'steersman.dev/v1alpha1',
  kind: `${kind}List`,
  metadata: { resourceVersion: '7' },
  items,
})

/** A controller that knows one environment with one release and its rollouts. */
export const shopClient = (
  given: {
    readonly environment?: EnvironmentView
    readonly release?: ReleaseView
    readonly rollouts?: readonly RolloutView[]
  } = {},
): Partial<ApiClient> => {
  const {
    environment = environmentView(),
    release = releaseView(),
    rollouts = [rolloutView(42), rolloutView(41)],
  } = given
  return {
    environments: () => Promise.resolve(listOf('Environment', [environment])),
    environment: () => Promise.resolve(environment),
    releases: () => Promise.resolve(listOf('Release', [release])),
    release: () => Promise.resolve(release),
    rollouts: () => Promise.resolve(listOf('Rollout', rollouts)),
    rollout: () => Promise.resolve(rollouts[0] ?? rolloutView(1)),
  }
}
