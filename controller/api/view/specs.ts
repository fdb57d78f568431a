import type { EnvironmentSpec } from '../../resources/generated/environment.ts'
import type { Gate, HttpCheck, ReleaseSpec, WarmingCheck } from '../../resources/generated/release.ts'
import type { RolloutSpec } from '../../resources/generated/rollout.ts'
import { withoutUserInfo } from './addresses.ts'

type Stored = Readonly<Record<string, unknown>>

/** Of an environment, what is named here and nothing else: a field that is added later stays inside until it is named. */
export function environmentSpec(stored: Stored): EnvironmentSpec {
  const spec = stored as unknown as EnvironmentSpec
  const {
    trigger,
    hold,
    currentTag,
    drift,
    ignore,
    requiredGates,
    freeze,
    images,
    prune,
    suspend,
    terraform,
  } = spec
  return withoutUserInfo(
    defined<EnvironmentSpec>({
      source: pick(spec.source, ['repository', 'branch', 'path', 'interval', 'allowRewind']),
      aws: pick(spec.aws, ['region', 'accountId']),
      terraform: terraform && pick(terraform, ['path', 'workspace', 'apply', 'driftInterval']),
      requiredGates: requiredGates?.map(gate),
      trigger,
      hold,
      currentTag,
      drift,
      ignore,
      freeze,
      images,
      prune,
      suspend,
    }),
  )
}

/** Of a release, all but the content of its task definition and what its gates send. */
export function releaseSpec(stored: Stored): ReleaseSpec {
  const spec = stored as unknown as ReleaseSpec
  const { inline, ...source } = spec.taskDefinition ?? {}
  return withoutUserInfo({
    ...spec,
    ...(inline === undefined ? { taskDefinition: source } : { taskDefinition: { ...source, inline: {} } }),
    ...(spec.gates === undefined ? {} : { gates: spec.gates.map(gate) }),
  })
}

/** Of a rollout, all but what its gates send. */
export function rolloutSpec(stored: Stored): RolloutSpec {
  const spec = stored as unknown as RolloutSpec
  return withoutUserInfo({
    ...spec,
    ...(spec.gates === undefined ? {} : { gates: spec.gates.map(gate) }),
  })
}

/** Headers, commands and a webhook's path are where people put tokens in spite of every warning. */
function gate(given: Gate): Gate {
  const { http, warming, task, lambda, script, webhook, ...rest } = given
  return {
    ...rest,
    ...(http === undefined ? {} : { http: httpCheck(http) }),
    ...(warming === undefined ? {} : { warming: warmingCheck(warming) }),
    ...(task === undefined ? {} : { task: { ...task, command: task.command.slice(0, 1) } }),
    ...(lambda === undefined ? {} : { lambda: { function: lambda.function } }),
    ...(script === undefined ? {} : { script: { ...script, command: script.command.slice(0, 1) } }),
    ...(webhook === undefined ? {} : { webhook: { ...webhook, url: originOf(webhook.url) } }),
  }
}

function httpCheck({ headers: _headers, path, ...rest }: HttpCheck): HttpCheck {
  return { ...rest, path: withoutQuery(path) }
}

function warmingCheck({ headers: _headers, paths, ...rest }: WarmingCheck): WarmingCheck {
  return { ...rest, ...(paths === undefined ? {} : { paths: paths.map(withoutQuery) }) }
}

const withoutQuery = (path: string): string => path.split('?')[0] ?? path

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : 'unreadable')

function pick<Whole extends object, Name extends keyof Whole>(
  whole: Whole | undefined,
  names: readonly Name[],
): Pick<Whole, Name> {
  const chosen = names.filter((name) => whole?.[name] !== undefined).map((name) => [name, whole?.[name]])
  return Object.fromEntries(chosen) as Pick<Whole, Name>
}

/** The same fields without those that are undefined. */
function defined<Whole extends object>(fields: { [Name in keyof Whole]: Whole[Name] | undefined }): Whole {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Whole
}
