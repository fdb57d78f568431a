/** Every verdict but Safe. */
export type Refusal = 'Destructive' | 'ResetsTraffic' | 'Wider' | 'Unreadable'

/** Why a plan is not safe: one for each object and rule. */
export interface Reason {
  readonly verdict: Refusal
  /** Stable name of the rule, for example `ListenerAction`. */
  readonly rule: string
  /** Empty where no object of the plan is at fault. */
  readonly address: string
  /** Names of attributes, without values. */
  readonly attributes: readonly string[]
  /** One sentence for people, which names the address. */
  readonly message: string
}
