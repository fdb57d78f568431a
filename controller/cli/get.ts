import type { AnyView, ApiClient, ListView } from '../api/client.ts'
import type { Columns } from './columns.ts'
import { tableOf } from './columns.ts'
import type { CommandContext } from './context.ts'
import { CommandError } from './errors.ts'
import type { Selection } from './lists.ts'
import { listEnvironments, listReleases, listRollouts } from './lists.ts'
import type { Format } from './output.ts'
import { formatOf, print } from './output.ts'
import { environmentColumns } from './rows/environments.ts'
import { releaseColumns } from './rows/releases.ts'
import { rolloutColumns } from './rows/rollouts.ts'
import type { RemoteOptions, Verb } from './verb.ts'
import { clientOf, remote } from './verb.ts'
import { watchObjects } from './watch.ts'
import { countOf, releaseKeyOf } from './words.ts'

interface Options extends RemoteOptions {
  readonly environment?: string
  readonly release?: string
  readonly limit?: string
  readonly watch?: boolean
}

/** `steersman get KIND [NAME]`. */
export const getVerb: Verb = {
  name: 'get',
  summary: 'list environments, releases or rollouts',
  examples: [
    'steersman get environments',
    'steersman get releases prod/web -o yaml',
    'steersman get rollouts --environment prod --watch',
  ],
  define(command, context, finish) {
    remote(
      command
        .argument('<kind>', 'environments, releases or rollouts')
        .argument('[name]', 'one of them: prod, prod/web, prod-web-42'),
      'wide, yaml, json or name',
    )
      .option('--environment <name>', 'only those of one environment')
      .option('--release <environment/release>', 'only the rollouts of one release')
      .option('--limit <number>', 'how many rollouts at most (50)')
      .option('-w, --watch', 'go on with every change, until it is interrupted')
      .action(async (kind: string, name: string | undefined, options: Options) => {
        await show(context, { kind: kindOf(kind), name, options })
        finish(0)
      })
  },
}

const KINDS = { environments: 'Environment', releases: 'Release', rollouts: 'Rollout' } as const

type Listed = keyof typeof KINDS

const ALIASES: Readonly<Record<string, Listed>> = {
  environment: 'environments',
  senv: 'environments',
  release: 'releases',
  rel: 'releases',
  rollout: 'rollouts',
  ro: 'rollouts',
}

function kindOf(given: string): Listed {
  const name = given.toLowerCase()
  const found = Object.hasOwn(KINDS, name) ? (name as Listed) : ALIASES[name]
  if (found !== undefined) return found
  throw new CommandError(`there is no kind ${JSON.stringify(given)}`, {
    remedy: 'give environments, releases or rollouts',
  })
}

interface Request {
  readonly kind: Listed
  readonly name: string | undefined
  readonly options: Options
}

async function show(context: CommandContext, { kind, name, options }: Request): Promise<void> {
  const format = formatOf(options.output, ['table', 'wide', 'yaml', 'json', 'name'])
  const client = clientOf(context, options)
  const selection = selectionOf(options)
  const list =
    name === undefined
      ? await listOf(client, { kind, selection, limit: countOf('--limit', options.limit ?? '50') })
      : await one(client, kind, name)
  const isOne = name !== undefined
  if (options.watch !== true) return tell(context, { kind, format, list, isOne })
  await watchObjects(context, {
    client,
    list,
    isOne,
    kind: KINDS[kind],
    environment: selection.environment,
    tell: (shown) => tell(context, { kind, format, list: shown, isOne: true }),
    format,
  })
}

function selectionOf({ environment, release }: Options): Selection {
  if (release !== undefined) return releaseKeyOf(release)
  return environment === undefined ? {} : { environment }
}

function listOf(
  client: ApiClient,
  {
    kind,
    selection,
    limit,
  }: { readonly kind: Listed; readonly selection: Selection; readonly limit: number },
): Promise<ListView<AnyView>> {
  switch (kind) {
    case 'environments':
      return listEnvironments(client)
    case 'releases':
      return listReleases(client, selection)
    case 'rollouts':
      return listRollouts(client, selection, limit)
  }
}

async function one(client: ApiClient, kind: Listed, name: string): Promise<ListView<AnyView>> {
  const item = await itemOf(client, kind, name)
  const { resourceVersion } = item.metadata
  return {
    apiVersion: item.apiVersion,
    kind: `${item.kind}List`,
    metadata: { resourceVersion },
    items: [item],
  }
}

async function itemOf(client: ApiClient, kind: Listed, name: string): Promise<AnyView> {
  switch (kind) {
    case 'environments':
      return client.environment(name)
    case 'rollouts':
      return client.rollout(name)
    case 'releases':
      if (name.includes('/')) return client.release(releaseKeyOf(name))
      return byObjectName(await listReleases(client, {}), name)
  }
}

function byObjectName(list: ListView<AnyView>, name: string): AnyView {
  const found = list.items.find(({ metadata }) => metadata.name === name)
  if (found !== undefined) return found
  throw new CommandError(`there is no release ${JSON.stringify(name)}`, {
    remedy: 'give ENVIRONMENT/RELEASE, as prod/web; `steersman get releases` lists them',
  })
}

interface Shown {
  readonly kind: Listed
  readonly format: Format
  readonly list: ListView<AnyView>
  readonly isOne: boolean
}

function tell(context: CommandContext, { kind, format, list, isOne }: Shown): void {
  const columns = COLUMNS[kind] as Columns<AnyView>
  const text = (wide: boolean) => (): string =>
    list.items.length === 0 ? `no ${kind}\n` : tableOf(columns, list.items, { wide, nowMs: context.now() })
  print(context.terminal, format, {
    value: isOne ? list.items[0] : list,
    text: text(false),
    wide: text(true),
    names: () => list.items.map(({ kind: each, metadata }) => `${each.toLowerCase()}/${metadata.name}`),
  })
}

const COLUMNS = {
  environments: environmentColumns,
  releases: releaseColumns,
  rollouts: rolloutColumns,
} as const
