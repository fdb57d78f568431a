import type { EnvironmentView, ReleaseView, RolloutView } from '../api/client.ts'
import { findCondition, isConditionTrue } from '../resources/conditions.ts'
import type { Condition } from '../resources/types.ts'
import type { Advice } from './advice.ts'
import { adviceForEnvironment, adviceForRelease } from './advice.ts'
import type { CommandContext } from './context.ts'
import { listEnvironments, listReleases, listRollouts } from './lists.ts'
import type { Paint } from './output.ts'
import { formatOf, inLines, paintFor, print } from './output.ts'
import { keyOf } from './rows/releases.ts'
import { sentenceOf } from './rollout-sentence.ts'
import type { RemoteOptions, Verb } from './verb.ts'
import { clientOf, remote } from './verb.ts'
import { ago, shortCommit, shortTaskDefinition } from './words.ts'

/** `steersman status [ENVIRONMENT]`: one screen for a person. */
export const statusVerb: Verb = {
  name: 'status',
  summary: 'show what runs where, what is wrong and what to do next',
  examples: ['steersman status', 'steersman status prod -o json'],
  define(command, context, finish) {
    remote(command.argument('[environment]', 'left out, all'), 'json or yaml').action(
      async (environment: string | undefined, options: RemoteOptions) => {
        const format = formatOf(options.output, ['table', 'json', 'yaml'])
        const seen = await look(context, environment, options)
        print(context.terminal, format, { value: seen, text: () => screen(inLines(seen), context) })
        finish(0)
      },
    )
  },
}

interface Seen {
  readonly environments: readonly EnvironmentView[]
  readonly releases: readonly ReleaseView[]
  /** The newest ones. */
  readonly rollouts: readonly RolloutView[]
}

/** Enough that the running rollouts are among them. */
const NEWEST = 500

async function look(
  context: CommandContext,
  environment: string | undefined,
  options: RemoteOptions,
): Promise<Seen> {
  const client = clientOf(context, options)
  const selection = environment === undefined ? {} : { environment }
  const [environments, releases, rollouts] = await Promise.all([
    environment === undefined
      ? listEnvironments(client).then(({ items }) => items)
      : client.environment(environment).then((found) => [found]),
    listReleases(client, selection),
    listRollouts(client, selection, NEWEST),
  ])
  return { environments, releases: releases.items, rollouts: rollouts.items }
}

function screen(seen: Seen, context: CommandContext): string {
  const paint = paintFor(context.terminal)
  if (seen.environments.length === 0)
    return 'no environments yet: put an Environment into the config directory of the controller\n'
  return seen.environments
    .map((environment) => {
      const { name } = environment.metadata
      const releases = seen.releases.filter((release) => keyOf(release).environment === name)
      const lines = releases.flatMap((release) =>
        releaseLines(release, seen.rollouts, { paint, nowMs: context.now() }),
      )
      return [...environmentLines(environment, paint), ...lines].map((line) => `${line}\n`).join('')
    })
    .join('\n')
}

function environmentLines(environment: EnvironmentView, paint: Paint): readonly string[] {
  const { metadata, spec, status = {} } = environment
  const { head, tag, deployed } = status
  const number = deployed === undefined ? '' : ` (deployment ${deployed.number})`
  const subject = head?.subject === undefined ? '' : ` ${JSON.stringify(head.subject)}`
  return [
    `${metadata.name}  ${stateOf(status.conditions ?? [], paint)}`,
    paint.faint(
      `  branch ${spec.source.branch} at ${shortCommit(head?.commit)}${subject}, serving ${shortCommit(tag?.commit)}${number}`,
    ),
    ...adviceLines(adviceForEnvironment(environment), '  ', paint),
  ]
}

function releaseLines(
  release: ReleaseView,
  rollouts: readonly RolloutView[],
  { paint, nowMs }: { readonly paint: Paint; readonly nowMs: number },
): readonly string[] {
  const { status = {} } = release
  const running = rollouts.find(
    ({ metadata, status: of }) => metadata.name === status.rollout && of?.finishedAt === undefined,
  )
  return [
    `  ${keyOf(release).release}  ${stateOf(status.conditions ?? [], paint)}  ${servingText(status, nowMs)}`,
    ...(running === undefined ? [] : rolloutLines(running, status.conditions)),
    ...wayBackLines(status, paint),
    ...adviceLines(adviceForRelease(release), '    ', paint),
  ]
}

/** How far back is safe. The newest change says it, which lies behind all others. */
function wayBackLines(
  { irreversible = [] }: NonNullable<ReleaseView['status']>,
  paint: Paint,
): readonly string[] {
  const [change] = irreversible.toSorted((one, other) => other.before - one.before)
  if (change === undefined) return []
  const { before, what, at } = change
  return [paint.faint(`    going back is safe as far as rollout ${before}: ${what} at ${at}`)]
}

function servingText({ live, traffic }: NonNullable<ReleaseView['status']>, nowMs: number): string {
  const weights = traffic === undefined ? '' : `, blue ${traffic.blue} / green ${traffic.green}`
  if (live === undefined || live.side === 'none') return `nothing serves yet${weights}`
  const { side } = live
  if (side === undefined)
    return `the service runs ${shortTaskDefinition(live.taskDefinition)} since ${ago(live.since, nowMs)}`
  return `${live.side} serves ${shortTaskDefinition(live.taskDefinition)} since ${ago(live.since, nowMs)}${weights}`
}

/** On its way back a rollout keeps the reason why it went; what it waits for there, its release says. */
function rolloutLines(rollout: RolloutView, conditions: readonly Condition[] = []): readonly string[] {
  const { text, next } = sentenceOf(rollout)
  const message = findCondition(conditions, 'Reconciling')?.message
  const isBack = rollout.status?.phase === 'RollingBack' && message !== undefined
  const now = isBack && message !== rollout.status?.message ? [`      now: ${message}`] : []
  return [`    ${text}`, ...now, `      next: ${next}`]
}

function stateOf(conditions: readonly Condition[], paint: Paint): string {
  if (isConditionTrue(conditions, 'Stalled')) return paint.bad('Stalled')
  const ready = findCondition(conditions, 'Ready')
  if (ready?.status === 'True')
    return isConditionTrue(conditions, 'Drifted') ? paint.attention('Ready, drifted') : paint.good('Ready')
  if (isConditionTrue(conditions, 'Reconciling')) return paint.attention('Working')
  return paint.attention(ready === undefined ? 'Not looked at yet' : 'Not ready')
}

function adviceLines(advice: readonly Advice[], indentation: string, paint: Paint): readonly string[] {
  return advice.flatMap(({ level, what, next }) => {
    const mark = level === 'bad' ? paint.bad('!') : paint.attention('*')
    const lines = [`${indentation}${mark} ${what}`]
    return next === undefined ? lines : [...lines, `${indentation}  next: ${next}`]
  })
}
