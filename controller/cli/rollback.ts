import type { ApiClient, RolloutView } from '../api/client.ts'
import type { ReleaseKey } from '../resources/names.ts'
import { CommandError } from './errors.ts'
import { listRollouts } from './lists.ts'
import type { PinOptions } from './pinning.ts'
import { commitPin } from './pinning.ts'
import { versionOf } from './rows/rollouts.ts'
import type { RemoteOptions, Verb } from './verb.ts'
import { clientOf, configured, remote } from './verb.ts'
import { countOf, releaseKeyOf } from './words.ts'

interface Options extends PinOptions, RemoteOptions {
  readonly to?: string
  readonly reason?: string
  readonly now?: boolean
  readonly pullRequest?: boolean
}

/** `steersman rollback`: commits a pin to what served before. */
export const rollbackVerb: Verb = {
  name: 'rollback',
  summary: 'commit to the branch that a release serves what it served before',
  examples: [
    'steersman rollback prod/web --reason "errors since noon"',
    'steersman rollback prod/web --to 41',
  ],
  define(command, context, finish) {
    remote(configured(command.argument('<environment/release>', 'the release, as prod/web')))
      .option('--to <number>', 'what that rollout served; left out, the last good one before the live one')
      .option('--reason <text>', 'why, for those who read it later')
      .option('--now', 'also go back at once')
      .option('--pull-request', 'as a pull request')
      .action(async (release: string, options: Options) => {
        refuseLater(options)
        const rollout =
          options.to === undefined
            ? await lastGood(clientOf(context, options), releaseKeyOf(release))
            : countOf('--to', options.to)
        const reason = options.reason ?? `rolled back to rollout ${rollout}`
        const pin = { rollout, reason }
        await commitPin(context, {
          release,
          pin,
          subject: `Roll ${release} back to rollout ${rollout}`,
          options,
        })
        finish(0)
      })
  },
}

function refuseLater({ now, pullRequest }: Options): void {
  const given = now === true ? '--now' : pullRequest === true ? '--pull-request' : undefined
  if (given !== undefined)
    throw new CommandError(`not supported yet: ${given}`, {
      remedy: 'leave it out: the pin is committed to the branch, and the controller follows at once',
    })
}

/** The newest rollout that succeeded is the live one; before it, the newest that served something else. */
async function lastGood(client: ApiClient, key: ReleaseKey): Promise<number> {
  const { items } = await listRollouts(client, key)
  const good = items.filter(({ status }) => status?.outcome === 'Succeeded')
  const [live] = good
  const before = live === undefined ? undefined : good.find((rollout) => isOther(rollout, live))
  if (before !== undefined) return before.spec.number
  throw new CommandError(`${key.environment}/${key.release} has served nothing else`, {
    why: live === undefined ? 'no rollout has succeeded' : `only ${versionOf(live)} has`,
    remedy: 'revert the commit in git, or pin a task definition',
  })
}

const isOther = (rollout: RolloutView, live: RolloutView): boolean =>
  rollout.spec.taskDefinition !== live.spec.taskDefinition
