import type { KubeCall } from '../../../controller/adapters/kubernetes/calls.ts'
import type { Random } from '../../../controller/ports/random.ts'
import { chance } from '../time/randomness.ts'

/**
 * What becomes of a request: `Refused`: nobody is there, or the connection breaks before the server has read it; `Lost`: it is done, and the connection breaks;
 * `Silent`: it is done, and nothing ever comes back; `Throttled`: 429, and `Unavailable`: 503, both not done; `TimedOut`: 504, and done all the same;
 * `Unauthorized`: 401, as right after a token has run out; `Touched`: somebody writes an annotation on the object right before it is read or written.
 */
export type Trouble =
  'Refused' | 'Lost' | 'Silent' | 'Throttled' | 'Unavailable' | 'TimedOut' | 'Unauthorized' | 'Touched'

export interface ClusterRule {
  readonly of: 'everything' | 'writes' | 'reads' | 'leases'
  readonly how?: Trouble
  /** More than usual, on the way there and on the way back together. */
  readonly latencyMs?: number
  /** The share of such requests, 0 to 1. */
  readonly rate: number
  /** How many requests it strikes at most. */
  readonly most?: number
}

export interface ClusterStrike {
  readonly how: Trouble | undefined
  readonly latencyMs: number
}

/** The rules by which requests to the API server go wrong at the moment. */
export class ClusterFaults {
  readonly #random: Random
  readonly #rules = new Map<ClusterRule, { readonly strike: () => void; struck: number }>()

  constructor(random: Random) {
    this.#random = random
  }

  get isEmpty(): boolean {
    return this.#rules.size === 0
  }

  /** `strike` is called for each request that it strikes; the returned function ends it. */
  open(rule: ClusterRule, strike: () => void): () => void {
    this.#rules.set(rule, { strike, struck: 0 })
    return () => void this.#rules.delete(rule)
  }

  clear(): void {
    this.#rules.clear()
  }

  /** What strikes this request, all rules together; of several troubles the first one. */
  strike(call: KubeCall): ClusterStrike {
    let how: Trouble | undefined
    let latencyMs = 0
    for (const [rule, known] of this.#rules) {
      const { rate, most = Infinity } = rule
      if (!isOf(rule, call) || known.struck >= most || !chance(this.#random, rate)) continue
      known.struck += 1
      known.strike()
      how ??= rule.how
      latencyMs += rule.latencyMs ?? 0
    }
    return { how, latencyMs }
  }
}

function isOf({ of, how }: ClusterRule, { method, path }: KubeCall): boolean {
  if (how === 'Touched') return method !== 'POST' && !path.includes('/leases/')
  switch (of) {
    case 'everything':
      return true
    case 'writes':
      return method !== 'GET'
    case 'reads':
      return method === 'GET'
    case 'leases':
      return path.includes('/leases')
  }
}
