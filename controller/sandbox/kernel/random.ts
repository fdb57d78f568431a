/** The one source of chance: every id, address and jitter of the sandbox comes from it. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
}

/** Chance that nobody can replay. */
export const systemRandom: Random = { next: () => Math.random() }

/** The same numbers for the same seed (mulberry32), so that a run can be replayed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
    },
  }
}

/** `length` lower-case hexadecimal digits, the alphabet of AWS's ids. */
export function hexId(random: Random, length: number): string {
  let digits = ''
  for (let index = 0; index < length; index += 1) digits += Math.floor(random.next() * 16).toString(16)
  return digits
}

/** A version 4 UUID drawn from `random`: the shape of AWS's request ids. */
export function uuid(random: Random): string {
  const hex = hexId(random, 32)
  const variant = (8 + Math.floor(random.next() * 4)).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}
