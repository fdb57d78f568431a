import type { ApiClient } from '../api/client.ts'
import type { ReleaseKey } from '../resources/names.ts'
import { formatOf, print } from './output.ts'
import type { RemoteOptions, Verb } from './verb.ts'
import { clientOf, remote } from './verb.ts'
import { releaseKeyOf } from './words.ts'

/** A verb that asks the controller for something about one environment; `done` is what a person reads then. */
export function environmentVerb({
  name,
  summary,
  ask,
  done,
}: {
  readonly name: string
  readonly summary: string
  readonly ask: (client: ApiClient, environment: string) => Promise<unknown>
  readonly done: (environment: string) => string
}): Verb {
  return {
    name,
    summary,
    examples: [`steersman ${name} prod`],
    define(command, context, finish) {
      remote(command.argument('<environment>', 'name of the environment')).action(
        async (environment: string, options: RemoteOptions) => {
          const format = formatOf(options.output, ['table', 'json'])
          const value = await ask(clientOf(context, options), environment)
          print(context.terminal, format, { value, text: () => `${done(environment)}\n` })
          finish(0)
        },
      )
    },
  }
}

/** A verb that asks the controller for something about one release. */
export function releaseVerb({
  name,
  summary,
  ask,
  done,
}: {
  readonly name: string
  readonly summary: string
  readonly ask: (client: ApiClient, key: ReleaseKey) => Promise<unknown>
  readonly done: (release: string) => string
}): Verb {
  return {
    name,
    summary,
    examples: [`steersman ${name} prod/web`],
    define(command, context, finish) {
      remote(command.argument('<environment/release>', 'the release, as prod/web')).action(
        async (release: string, options: RemoteOptions) => {
          const format = formatOf(options.output, ['table', 'json'])
          const value = await ask(clientOf(context, options), releaseKeyOf(release))
          print(context.terminal, format, { value, text: () => `${done(release)}\n` })
          finish(0)
        },
      )
    },
  }
}
