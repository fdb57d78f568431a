import type { Random } from '../../controller/ports/random.ts'

/** The same numbers for the same seed (a 32-bit linear congruential generator with its high bits mixed down). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return {
    next() {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      const mixed = Math.imul(state ^ (state >>> 16), 0x45d9f3b) >>> 0
      return ((mixed ^ (mixed >>> 16)) >>> 0) / 4_294_967_296
    },
  }
}
