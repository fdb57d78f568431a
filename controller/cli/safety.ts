import type { ApiClient, ReleaseView } from '../api/client.ts'
import { ApiError } from '../api/client/error.ts'
import { changesSince, firstRollouts, unsafeText } from '../core/irreversible.ts'
import type { ReleaseKey } from '../resources/names.ts'
import type { CommandContext } from './context.ts'
import { CommandError } from './errors.ts'
import { listRollouts } from './lists.ts'
import type { RemoteOptions } from './verb.ts'
import { clientOf } from './verb.ts'

/** The version that is to serve again. */
export interface WayBackTarget {
  readonly rollout?: number
  readonly taskDefinition?: string
}

export const UNSAFE_OPTION = [
  '--unsafe',
  'also behind what was done since and going back does not undo: a migration, or what Terraform destroyed',
] as const

/** Throws unless going back to that version is known to be safe, or whoever asks has said that it is to be done all the same. */
export async function assertSafeWayBack(
  context: CommandContext,
  key: ReleaseKey,
  {
    target,
    options,
  }: { readonly target: WayBackTarget; readonly options: RemoteOptions & { readonly unsafe?: boolean } },
): Promise<void> {
  if (options.unsafe === true) return
  const seen = await lookAt(clientOf(context, options), key)
  if (seen === undefined) return
  const { release, rolledOut } = seen
  const { irreversible = [], live } = release.status ?? {}
  const first = firstRollouts(rolledOut)
  const { rollout, taskDefinition } = target
  const version =
    taskDefinition === undefined
      ? rolledOut.find(({ number }) => number === rollout)
      : { number: first.get(taskDefinition) ?? 0, taskDefinition }
  const number = rollout ?? 0
  const changes = changesSince(irreversible, {
    target: version ?? { number, taskDefinition: undefined },
    live: live?.taskDefinition,
    first,
  })
  if (changes.length > 0)
    throw new CommandError(unsafeText(rollout ?? taskDefinition ?? '', changes), {
      remedy: 'go back less far, or add --unsafe when you know that it works all the same',
    })
}

interface Seen {
  readonly release: ReleaseView
  readonly rolledOut: readonly { readonly number: number; readonly taskDefinition: string | undefined }[]
}

/** What the controller knows; undefined where it does not know the release, which then has done nothing yet. */
async function lookAt(client: ApiClient, key: ReleaseKey): Promise<Seen | undefined> {
  try {
    const [release, { items }] = await Promise.all([client.release(key), listRollouts(client, key)])
    const rolledOut = items.map(({ spec: { number, taskDefinition } }) => ({ number, taskDefinition }))
    return { release, rolledOut }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.status === 404) return undefined
    throw new CommandError('the controller could not be asked whether going back is safe', {
      why: error.message,
      remedy: 'give --server, or add --unsafe to commit the pin all the same',
    })
  }
}
