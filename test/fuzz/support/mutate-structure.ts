import type { Choices } from './choices.ts'
import { HOSTILE_TEXTS, HOSTILE_VALUES } from './hostile-values.ts'

type Holder = Record<string, unknown> | unknown[]

/** A member of an object or a list that a change can be made to. */
interface Place {
  readonly holder: Holder
  readonly key: string
}

/** Deep enough for any limit on nesting there is. */
const DEPTH = 60

/** A copy of plain data with up to `changes` of its members deleted, emptied, retyped, doubled, nested or exchanged. */
export function mutateStructure(value: unknown, choices: Choices, changes = 3): unknown {
  const root: Record<string, unknown> = { root: structuredClone(value) }
  for (let change = 0; change < changes && !choices.isDone; change += 1) {
    const places = placesIn(root)
    if (places.length === 0) break
    choices.pick(CHANGES)(choices.pick(places), choices, places)
  }
  return root['root']
}

type Change = (place: Place, choices: Choices, places: readonly Place[]) => void

const CHANGES: readonly Change[] = [
  remove,
  (place) => put(place, null),
  (place) => put(place, emptied(get(place))),
  (place, choices) => put(place, choices.pick(HOSTILE_VALUES)),
  (place, choices) => put(place, choices.pick(HOSTILE_TEXTS)),
  (place, choices) => put(place, `${asText(get(place))}${choices.pick(HOSTILE_TEXTS)}`),
  (place) => put(place, [get(place)]),
  (place) => put(place, { [place.key]: get(place) }),
  double,
  (place, choices, places) => put(place, structuredClone(get(choices.pick(places)))),
  addMember,
  nest,
  (place, choices) => put(place, String.fromCodePoint(choices.below(0x250)).repeat(1 + choices.byte())),
  (place, choices) => put(place, (choices.below(65_536) - 32_768) / (1 + choices.below(4))),
]

function placesIn(root: Holder): Place[] {
  const places: Place[] = []
  const visit = (holder: Holder): void => {
    for (const key of Object.keys(holder)) {
      places.push({ holder, key })
      const inner = get({ holder, key })
      if (isHolder(inner) && places.length < 10_000) visit(inner)
    }
  }
  visit(root)
  return places
}

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null

const get = ({ holder, key }: Place): unknown => Reflect.get(holder, key)

/** As JSON.parse does: `__proto__` is a member like any other. */
function put({ holder, key }: Place, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true })
}

function remove({ holder, key }: Place): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else Reflect.deleteProperty(holder, key)
}

function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return []
  if (isHolder(value)) return {}
  return typeof value === 'number' ? 0 : ''
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null))

function double(place: Place, choices: Choices): void {
  const { holder, key } = place
  const copy = structuredClone(get(place))
  if (Array.isArray(holder)) holder.push(copy)
  else put({ holder, key: `${key}${choices.pick(HOSTILE_TEXTS)}` }, copy)
}

function addMember({ holder, key }: Place, choices: Choices): void {
  const inner = get({ holder, key })
  if (Array.isArray(inner)) inner.push(choices.pick(HOSTILE_VALUES))
  else if (isHolder(inner)) put({ holder: inner, key: choices.pick(HOSTILE_TEXTS) }, 1)
}

function nest(place: Place, choices: Choices): void {
  const isList = choices.chance(2)
  let inner = get(place)
  for (let depth = 0; depth < DEPTH; depth += 1) inner = isList ? [inner] : { x: inner }
  put(place, inner)
}
