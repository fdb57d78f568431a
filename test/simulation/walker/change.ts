/** The documents that a walk changes: a release, its task definition, and the environment's configuration. */
export type DocumentName = 'release' | 'taskDefinition' | 'environment'

export type Document = Readonly<Record<string, unknown>>

export type Documents = Readonly<Record<DocumentName, Document>>

/** A place in a document: an RFC 6901 pointer. */
export interface Place {
  readonly document: DocumentName
  readonly pointer: string
}

/** What must come of a change. */
export type Expected =
  /** The world becomes what the documents say. */
  | { readonly kind: 'Serves' }
  /** The commit, or the configuration, is refused with an Issue at exactly this place. */
  | { readonly kind: 'Refused'; readonly at: Place; readonly message?: string }
  /** Nothing is wrong with the documents, but nothing like it is there, or it is not allowed: nothing is written. */
  | { readonly kind: 'Stalled'; readonly reason: string }
  /** The release is not in the branch any more, and is kept as it is. */
  | { readonly kind: 'Removed' }
  /** The image, or the branch, is not there yet: nothing is written. */
  | { readonly kind: 'Waits'; readonly reason: string }
  /** The new version does not pass: the old one keeps the traffic. */
  | { readonly kind: 'RolledBack' }

/** One change of the documents, as plain data, so that a walk can be printed and walked again. */
export interface Change {
  /** The property of a schema that it touches: `release /spec/service/desiredCount`. */
  readonly property: string
  readonly says: string
  readonly set: readonly (Place & { readonly value: unknown })[]
  readonly removed: readonly Place[]
  readonly expected: Expected
  /** Other changes would not mean the same on top of it: it is undone before them. */
  readonly isAlone?: true
}

/** Whether the world shall become what the documents then say. */
export const isValid = ({ expected }: Pick<Change, 'expected'>): boolean => expected.kind === 'Serves'
