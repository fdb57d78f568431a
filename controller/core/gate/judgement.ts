/** What an answer says of a version: well, badly, or nothing at all. */
export interface Judgement {
  readonly result: 'Success' | 'Failure' | 'Inconclusive'
  /** One sentence for people. */
  readonly message: string
}
