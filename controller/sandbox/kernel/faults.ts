import type { Random } from './random.ts'

/** A rule of `POST /_sandbox/faults`: what happens to the calls it matches. */
export interface FaultRule {
  readonly service: string
  /** `*` for all of the service's operations. */
  readonly operation: string
  /** An AWS error code, or `ConnectionReset` (nothing happens), or `TimeoutAfterWrite` (it happens, but no answer is sent). */
  readonly error?: string
  readonly latencyMs?: number
  /** Reads show the world as it was so long ago. */
  readonly staleForMs?: number
  /** The share of matching calls, 0 to 1; default 1. */
  readonly rate?: number
  /** How many calls it strikes before it is spent; default: any number. */
  readonly count?: number
}

/** What strikes one call, all matching rules together. */
export interface Strike {
  readonly error?: string
  readonly latencyMs: number
  readonly staleForMs: number
}

export interface Faults {
  add(rule: FaultRule): void
  clear(): void
  list(): FaultRule[]
  strike(service: string, operation: string): Strike
  /** How many calls this very rule has struck, also after it was cleared. */
  struck(rule: FaultRule): number
}

/** No list of faults is longer: each call walks it. */
const MOST_RULES = 1000

/** The faults in force; chance decides by `random`, so that a seed replays them. */
export function createFaults(random: Random): Faults {
  let rules: { rule: FaultRule; left: number }[] = []
  const struck = new WeakMap<FaultRule, number>()
  return {
    add(rule) {
      if (rules.length >= MOST_RULES) throw new RangeError(`more than ${MOST_RULES} faults; clear some first`)
      rules.push({ rule, left: rule.count ?? Number.POSITIVE_INFINITY })
    },
    clear() {
      rules = []
    },
    list: () => rules.map(({ rule, left }) => (Number.isFinite(left) ? { ...rule, count: left } : rule)),
    strike(service, operation) {
      let strike: Strike = { latencyMs: 0, staleForMs: 0 }
      for (const entry of rules) {
        if (!matches(entry.rule, service, operation)) continue
        if (random.next() >= (entry.rule.rate ?? 1)) continue
        entry.left -= 1
        struck.set(entry.rule, (struck.get(entry.rule) ?? 0) + 1)
        strike = together(strike, entry.rule)
      }
      rules = rules.filter((entry) => entry.left > 0)
      return strike
    },
    struck: (rule) => struck.get(rule) ?? 0,
  }
}

function matches(rule: FaultRule, service: string, operation: string): boolean {
  const sameService = rule.service === '*' || rule.service === service
  return sameService && (rule.operation === '*' || rule.operation === operation)
}

function together(strike: Strike, rule: FaultRule): Strike {
  const error = strike.error ?? rule.error
  return {
    ...(error === undefined ? {} : { error }),
    latencyMs: strike.latencyMs + (rule.latencyMs ?? 0),
    staleForMs: Math.max(strike.staleForMs, rule.staleForMs ?? 0),
  }
}
