import type { EnvironmentView } from '../api/client.ts'
import { tableOf } from './columns.ts'
import { listEnvironments, listReleases } from './lists.ts'
import { formatOf, print } from './output.ts'
import { driftColumns, driftOfInfrastructure, driftOfRelease, driftOfUnmanaged } from './rows/drift.ts'
import type { DriftRow } from './rows/drift.ts'
import type { RemoteOptions, Verb } from './verb.ts'
import { clientOf, remote } from './verb.ts'
import { counted } from './words.ts'

/** `steersman drift [ENVIRONMENT]`: what somebody changed by hand. Exit code 0 nothing, 2 something, 1 an error. */
export const driftVerb: Verb = {
  name: 'drift',
  summary: 'show what was changed by hand. Exit code 0 nothing, 2 drift, 1 error',
  examples: [
    'steersman drift',
    'steersman drift prod',
    'steersman drift prod --unmanaged',
    'steersman drift prod -o json',
  ],
  define(command, context, finish) {
    remote(command.argument('[environment]', 'one environment; default: all'), 'json or yaml')
      .option('--unmanaged', 'also services, rules and target groups that no Release names')
      .action(async (environment: string | undefined, options: DriftOptions) => {
        const format = formatOf(options.output, ['table', 'json', 'yaml'])
        const client = clientOf(context, options)
        const environments =
          environment === undefined
            ? (await listEnvironments(client)).items
            : [await client.environment(environment)]
        const releases = (await listReleases(client, environment === undefined ? {} : { environment })).items
        const rows = [
          ...environments.flatMap(driftOfInfrastructure),
          ...releases.flatMap(driftOfRelease),
          ...(options.unmanaged === true ? environments.flatMap(driftOfUnmanaged) : []),
        ]
        const problems = options.unmanaged === true ? environments.flatMap(problemOf) : []
        print(context.terminal, format, {
          value: rows,
          text: () => driftText(rows, { releases: releases.length, nowMs: context.now() }),
        })
        for (const problem of problems) context.terminal.error(`${problem}\n`)
        finish(rows.length === 0 ? 0 : 2)
      })
  },
}

interface DriftOptions extends RemoteOptions {
  readonly unmanaged?: true
}

/** Why what no Release names could not all be looked for, or that nobody has looked yet. */
function problemOf({ metadata: { name }, spec, status }: EnvironmentView): readonly string[] {
  if (spec.drift?.unmanaged === 'Ignore') return [`${name}: spec.drift.unmanaged is Ignore, so nobody looks`]
  if (status?.unmanaged === undefined) return [`${name}: nobody has looked yet for what no Release names`]
  const { problem, total, items } = status.unmanaged
  const more = total > items.length ? [`${name}: ${total - items.length} more are not listed`] : []
  return [...(problem === undefined ? [] : [`${name}: not all could be seen: ${problem}`]), ...more]
}

function driftText(
  rows: readonly DriftRow[],
  { releases, nowMs }: { readonly releases: number; readonly nowMs: number },
): string {
  if (rows.length === 0) return `no drift in ${counted(releases, 'release')}\n`
  const table = tableOf(driftColumns, rows, { nowMs })
  const isListed = (row: DriftRow): boolean => row.kind !== undefined
  const hints = [
    ...(rows.every(isListed) ? [] : [HINT_OF_DRIFT]),
    ...(rows.some(isListed) ? HINTS_OF_UNMANAGED : []),
  ]
  return `${table}\n${hints.map((hint) => `${hint}\n`).join('')}`
}

const HINT_OF_DRIFT =
  '`steersman diff ENVIRONMENT/RELEASE` shows what would put it back; spec.drift of the Environment says whether that is done'

/** Nothing puts back what no Release names: a person says whose it is. */
const HINTS_OF_UNMANAGED = [
  'What no Release names is never changed. `steersman adopt CLUSTER SERVICE` says how a service comes under a Release, with its rule and target group.',
  'Leave it as it is, and it stays listed; drift.unmanaged: Ignore in the Environment looks for nothing of the kind any more.',
]
