import type { Random } from '../../ports/random.ts'

/** Chance that nobody can replay. */
export const systemRandom: Random = { next: () => Math.random() }

/** Makes version 4 UUIDs (RFC 9562) out of `random`, for the `uid` of stored objects; never for anything that must be hard to guess. */
export function uuidSource(random: Random): () => string {
  return () => {
    const digits = Array.from({ length: 32 }, () => Math.floor(random.next() * 16).toString(16))
    digits[12] = '4'
    digits[16] = (8 + Math.floor(random.next() * 4)).toString(16)
    const hex = digits.join('')
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  }
}
