export type SideName = 'blue' | 'green'

/** A rule as a Release names it. */
export interface NamedRule {
  readonly port: number
  /** Left out: the listener's default action. */
  readonly host?: string
  readonly path?: string
}
