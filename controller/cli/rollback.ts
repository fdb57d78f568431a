import type { ApiClient, RolloutView } from '../api/client.ts'
import { shortTaskDefinition } from '../core/action.ts'
import type { ReleaseKey } from '../resources/names.ts'
import type { CommandContext } from './context.ts'
import { CommandError } from './errors.ts'
import { failBack } from './failback.ts'
import { listRollouts } from './lists.ts'
import type { PinOptions, PullRequestOptions } from './pinning.ts'
import { commitPin } from './pinning.ts'
import { assertSafeWayBack, UNSAFE_OPTION } from './safety.ts'
import { versionOf } from './rows/rollouts.ts'
import type { RemoteOptions, Verb } from './verb.ts'
import { clientOf, configured, remote } from './verb.ts'
import { countOf, releaseKeyOf } from './words.ts'

interface Options extends PinOptions, PullRequestOptions, RemoteOptions {
  readonly to?: string
  readonly reason?: string
  readonly now?: boolean
  readonly unsafe?: boolean
}

/** `steersman rollback`: commits a pin to what served before. */
export const rollbackVerb: Verb = {
  name: 'rollback',
  summary: 'go back to what a release served before, by a commit to the branch or at once',
  examples: [
    'steersman rollback prod/web --reason "errors since noon"',
    'steersman rollback prod/web --to 41',
    'steersman rollback prod/web --now --reason "errors since noon"',
    'steersman rollback prod/web --pull-request --reason "errors since noon"',
  ],
  define(command, context, finish) {
    remote(configured(command.argument('<environment/release>', 'the release, as prod/web')))
      .option('--to <number>', 'what that rollout served; left out, the last good one before the live one')
      .option('--reason <text>', 'why, for those who read it later')
      .option(
        '--now',
        'go back at once, without waiting for git, and stay there; the pin is committed after that',
      )
      .option(...UNSAFE_OPTION)
      .option('--pull-request', 'ask for the pin by a pull request (STEERSMAN_FORGE_TOKEN) instead of a push')
      .option('--forge <kind>', 'github or gitlab, with =<address of its API> for a server of its own')
      .action(async (release: string, options: Options) => {
        if (options.now === true) await rollBackNow(context, release, options)
        else await rollBack(context, release, options)
        finish(0)
      })
  },
}

async function rollBack(context: CommandContext, release: string, options: Options): Promise<void> {
  const target =
    options.to === undefined
      ? await lastGood(clientOf(context, options), releaseKeyOf(release))
      : { rollout: countOf('--to', options.to) }
  await assertSafeWayBack(context, releaseKeyOf(release), { target, options })
  await commitRollback(context, release, { target, options })
}

async function rollBackNow(context: CommandContext, release: string, options: Options): Promise<void> {
  const { rollout } = await failBack(clientOf(context, options), releaseKeyOf(release), {
    ...(options.to === undefined ? {} : { to: countOf('--to', options.to) }),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
    ...(options.unsafe === true ? { unsafe: true } : {}),
    signal: context.signal,
  })
  context.terminal.error(`${release} serves again what rollout ${rollout} served, and stays there\n`)
  try {
    await commitRollback(context, release, { target: { rollout }, options })
  } catch (error) {
    throw new CommandError('the pin could not be committed to the branch', {
      why: error instanceof Error ? error.message : String(error),
      remedy: `the traffic is back and held; \`steersman pin ${release} --rollout ${rollout} --reason …\` writes it down once git answers, \`steersman resume\` ends the hold`,
    })
  }
}

async function commitRollback(
  context: CommandContext,
  release: string,
  { target, options }: { readonly target: Target; readonly options: Options },
): Promise<void> {
  const what = 'rollout' in target ? `rollout ${target.rollout}` : shortTaskDefinition(target.taskDefinition)
  await commitPin(context, {
    release,
    pin: { ...target, reason: options.reason ?? `rolled back to ${what}` },
    subject: `Roll ${release} back to ${what}`,
    options,
  })
}

/** What a rollout served, or what served before the first of them. */
type Target = { readonly rollout: number } | { readonly taskDefinition: string }

/** The newest rollout that succeeded is the live one; before it, the newest that served something else, or what the first one found there, such as an adopted service's. */
async function lastGood(client: ApiClient, key: ReleaseKey): Promise<Target> {
  const { items } = await listRollouts(client, key)
  const good = items.filter(({ status }) => status?.outcome === 'Succeeded')
  const [live] = good
  const before = live === undefined ? undefined : good.find((rollout) => isOther(rollout, live))
  if (before !== undefined) return { rollout: before.spec.number }
  const found = good.at(-1)?.spec.from.taskDefinition
  if (found !== undefined && found !== live?.spec.taskDefinition) return { taskDefinition: found }
  throw new CommandError(`${key.environment}/${key.release} has served nothing else`, {
    why: live === undefined ? 'no rollout has succeeded' : `only ${versionOf(live)} has`,
    remedy: 'revert the commit in git, or pin a task definition',
  })
}

const isOther = (rollout: RolloutView, live: RolloutView): boolean =>
  rollout.spec.taskDefinition !== live.spec.taskDefinition
