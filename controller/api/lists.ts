import { ENVIRONMENT_LABEL } from '../resources/metadata.ts'
import { parseRolloutName } from '../resources/names.ts'
import type { StoredObject } from '../ports/store.ts'
import { badRequest } from './request-error.ts'
import type { AnyView, ListView } from './view.ts'
import { viewOf } from './view.ts'

const DEFAULT_LIMIT = 50

/** Where an object stands in its list. Pages are cut by place, not by count, so that objects which come or go in between move nothing. */
interface Place {
  readonly at: string
  readonly number: number
  readonly name: string
}

/** One page of the objects in their order: rollouts newest first, everything else by name. Throws for a `continue` that this server never gave. */
export function pageOf<Item extends AnyView>(
  kind: Item['kind'],
  { items, resourceVersion }: { readonly items: readonly StoredObject[]; readonly resourceVersion: string },
  query: { readonly limit?: string | undefined; readonly continue?: string | undefined },
): ListView<Item> {
  const after = query.continue === undefined ? undefined : placeIn(query.continue)
  const limit = query.limit === undefined ? DEFAULT_LIMIT : Number(query.limit)
  const places = items.map((object) => ({ object, place: placeOf(object) }))
  const rest = places
    .toSorted((one, other) => compare(one.place, other.place))
    .filter(({ place }) => after === undefined || compare(place, after) > 0)
  const page = rest.slice(0, limit)
  const last = rest.length > limit ? page.at(-1) : undefined
  return {
    apiVersion: 'steersman.dev/v1alpha1',
    kind: `${kind}List`,
    metadata: { resourceVersion, ...(last === undefined ? {} : { continue: tokenOf(last.place) }) },
    items: page.map(({ object }) => viewOf(object) as Item),
  }
}

/** The environment that an object belongs to; an Environment belongs to itself. */
export const environmentOf = ({ kind, metadata }: StoredObject): string | undefined =>
  kind === 'Environment' ? metadata.name : metadata.labels?.[ENVIRONMENT_LABEL]

function placeOf({ kind, metadata }: StoredObject): Place {
  if (kind !== 'Rollout') return { at: '', number: 0, name: metadata.name }
  const number = parseRolloutName(metadata.name)?.number ?? 0
  return { at: metadata.creationTimestamp, number, name: metadata.name }
}

/** Newest first; among those of one moment the higher number, then the name. */
function compare(one: Place, other: Place): number {
  if (one.at !== other.at) return one.at > other.at ? -1 : 1
  if (one.number !== other.number) return other.number - one.number
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0
}

const tokenOf = ({ at, number, name }: Place): string =>
  Buffer.from(JSON.stringify([at, number, name])).toString('base64url')

function placeIn(token: string): Place {
  const parts = parsed(token)
  if (Array.isArray(parts) && parts.length === 3) {
    const [at, number, name] = parts as readonly unknown[]
    if (typeof at === 'string' && typeof number === 'number' && typeof name === 'string')
      return { at, number, name }
  }
  throw badRequest(
    '`continue` is no place in this list',
    'Give it as the page before had it in metadata.continue.',
  )
}

function parsed(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
