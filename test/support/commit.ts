/** What a file of a tree is to be; `null`: it goes. */
export type TreeEntry = string | Buffer | null | { readonly mode: string; readonly content: string | Buffer }

export interface CommitOptions {
  readonly branch?: string
  readonly message?: string
  /** Parents instead of the branch's head; an empty list starts a new history (a forced push). */
  readonly parents?: readonly string[]
  /** Seconds since the epoch. */
  readonly at?: number
  /** More `-c` settings, such as those that sign. */
  readonly settings?: readonly string[]
  readonly sign?: boolean
}
