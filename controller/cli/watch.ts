import type { AnyView, ApiClient, ListView } from '../api/client.ts'
import { ApiError } from '../api/client.ts'
import type { CommandContext } from './context.ts'
import { jsonText } from './encode.ts'
import type { Format } from './output.ts'

interface Watched {
  readonly client: ApiClient
  /** Shown first; the watch goes on from it. */
  readonly list: ListView<AnyView>
  /** Only the one object of the list. */
  readonly isOne: boolean
  readonly kind: AnyView['kind']
  readonly environment: string | undefined
  readonly format: Format
  readonly tell: (list: ListView<AnyView>) => void
}

/** Shows every object as it is, then each one that changes, until the signal; as JSON one object a line. */
export async function watchObjects({ signal, terminal }: CommandContext, watched: Watched): Promise<void> {
  const { client, list, isOne, kind, environment, format, tell } = watched
  const show = (object: AnyView): void =>
    format === 'json' ? terminal.out(jsonText(object)) : tell({ ...list, items: [object] })
  if (format === 'json') for (const item of list.items) show(item)
  else tell(list)
  const only = isOne ? list.items[0]?.metadata.name : undefined
  const { resourceVersion } = list.metadata
  const request = { kinds: [kind], resourceVersion, signal }
  try {
    const events = client.watch(environment === undefined ? request : { ...request, environment })
    for await (const { object } of events)
      if (only === undefined || object.metadata.name === only) show(object)
  } catch (error) {
    if (!signal.aborted || !(error instanceof ApiError)) throw error
  }
}
