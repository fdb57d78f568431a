import type { ApiClient, RolloutView } from '../api/client.ts'
import type { ReleaseKey } from '../resources/names.ts'
import { rolloutObjectName } from '../resources/names.ts'
import { CommandError } from './errors.ts'
import { formatOf, print } from './output.ts'
import type { RemoteOptions, Verb } from './verb.ts'
import { clientOf, remote } from './verb.ts'
import { countOf, releaseKeyOf } from './words.ts'

interface DecisionOptions extends RemoteOptions {
  readonly gate?: string
  readonly comment?: string
  readonly rollout?: string
}

/** `steersman approve ENVIRONMENT/RELEASE`. */
export const approveVerb = decisionVerb({
  name: 'approve',
  summary: 'let the gate pass that a rollout waits for',
  ask: (client, name, decision) => client.approveRollout(name, decision),
  done: (gate) => `gate ${gate} is approved`,
})

/** `steersman reject ENVIRONMENT/RELEASE`. */
export const rejectVerb = decisionVerb({
  name: 'reject',
  summary: 'refuse the gate that a rollout waits for',
  ask: (client, name, decision) => client.rejectRollout(name, decision),
  done: (gate) => `gate ${gate} is rejected`,
})

/** `steersman abort ENVIRONMENT/RELEASE`. */
export const abortVerb: Verb = {
  name: 'abort',
  summary: 'take a running rollout back',
  examples: ['steersman abort prod/web --reason "wrong branch"', 'steersman abort prod/web --rollout 42'],
  define(command, context, finish) {
    const verb = command
      .argument('<environment/release>', 'the release, as prod/web')
      .option('--reason <text>', 'why, for those who read it later')
      .option('--rollout <number>', 'only this rollout; left out, the one that runs')
    remote(verb).action(
      async (release: string, options: RemoteOptions & { reason?: string; rollout?: string }) => {
        const format = formatOf(options.output, ['table', 'json'])
        const client = clientOf(context, options)
        const { name } = (await runningRollout(client, releaseKeyOf(release), options.rollout)).metadata
        const value = await client.abortRollout(
          name,
          options.reason === undefined ? {} : { reason: options.reason },
        )
        const text = (): string => `${name} goes back; follow it with \`steersman status\`\n`
        print(context.terminal, format, { value, text })
        finish(0)
      },
    )
  },
}

function decisionVerb({
  name,
  summary,
  ask,
  done,
}: {
  readonly name: string
  readonly summary: string
  readonly ask: (
    client: ApiClient,
    rollout: string,
    decision: { readonly gate: string; readonly comment?: string },
  ) => Promise<unknown>
  readonly done: (gate: string) => string
}): Verb {
  return {
    name,
    summary,
    examples: [
      `steersman ${name} prod/web --gate sign-off`,
      `steersman ${name} prod/web --gate sign-off --rollout 42 --comment "seen in staging"`,
    ],
    define(command, context, finish) {
      const verb = command
        .argument('<environment/release>', 'the release, as prod/web')
        .option('--gate <name>', 'the gate; left out, the one that is waited for')
        .option('--comment <text>', 'why, for those who read it later')
        .option('--rollout <number>', 'only this rollout; left out, the one that runs')
      remote(verb).action(async (release: string, options: DecisionOptions) => {
        const format = formatOf(options.output, ['table', 'json'])
        const client = clientOf(context, options)
        const rollout = await runningRollout(client, releaseKeyOf(release), options.rollout)
        const gate = options.gate ?? awaitedGate(rollout)
        const { comment } = options
        const value = await ask(client, rollout.metadata.name, {
          gate,
          ...(comment === undefined ? {} : { comment }),
        })
        const text = (): string =>
          `${done(gate)} for ${rollout.metadata.name}; follow it with \`steersman status\`\n`
        print(context.terminal, format, { value, text })
        finish(0)
      })
    },
  }
}

/** The rollout that a person means: the one with the number, else the one that runs. */
export async function runningRollout(
  client: ApiClient,
  key: ReleaseKey,
  number: string | undefined,
): Promise<RolloutView> {
  if (number !== undefined)
    return client.rollout(rolloutObjectName({ ...key, number: countOf('--rollout', number) }))
  const { status } = await client.release(key)
  const rollout = status?.rollout === undefined ? undefined : await client.rollout(status.rollout)
  if (rollout !== undefined && rollout.status?.finishedAt === undefined) return rollout
  throw new CommandError(`no rollout of ${key.environment}/${key.release} is running`, {
    remedy: `see \`steersman status ${key.environment}\``,
  })
}

function awaitedGate({ metadata, status }: RolloutView): string {
  if (status?.awaiting !== undefined) return status.awaiting.gate
  throw new CommandError(`${metadata.name} waits for no decision`, { remedy: 'see `steersman status`' })
}
