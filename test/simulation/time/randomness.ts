import type { Random } from '../../../controller/ports/random.ts'
import { seededRandom } from '../../support/seeded-random.ts'

/** Chance by name, all of it from one seed: a stream does not change when another is drawn from more often. */
export class Randomness {
  readonly #seed: number
  readonly #streams = new Map<string, Random>()

  constructor(seed: number) {
    this.#seed = seed
  }

  stream(name: string): Random {
    const known = this.#streams.get(name)
    if (known !== undefined) return known
    const stream = seededRandom(mix(this.#seed, name))
    this.#streams.set(name, stream)
    return stream
  }
}

/** A whole number from `from` to `to`, both included. */
export function between(random: Random, from: number, to: number): number {
  return from + Math.floor(random.next() * (to - from + 1))
}

export function chance(random: Random, probability: number): boolean {
  return random.next() < probability
}

/** One of the choices; they must not be empty. */
export function oneOf<T>(random: Random, choices: readonly T[]): T {
  const chosen = choices[Math.floor(random.next() * choices.length)]
  if (chosen === undefined) throw new RangeError('nothing to choose from')
  return chosen
}

/** FNV-1a of the seed and the name. */
function mix(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ seed
  hash = Math.imul(hash ^ (seed >>> 16), 0x01000193)
  for (let index = 0; index < name.length; index += 1)
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
  return hash >>> 0
}
