/** A tag as the decision needs it; the source port's TagFacts fit. */
export interface TagSeen {
  /** The tag object's id, or the commit's for a lightweight tag. */
  readonly object: string
  readonly commit: string
  readonly annotated: boolean
  readonly tagger: string
  /** Milliseconds since the epoch. */
  readonly taggedAt: number
}

/** A tag `deploy/<environment>/<number>`: a commit whose releases all served and were verified. */
export interface DeployRecord {
  readonly number: number
  readonly object: string
  readonly commit: string
}

/** A tag of a push that was stored before it was tried; `expected` is the reference's object id before it, or empty for none. */
export interface IntendedTag {
  readonly name: string
  readonly object: string
  readonly commit: string
  readonly expected: string
}

/** What earlier decisions left in the status. All of it may be lost: a person's rollback then still holds. */
export interface RevisionMemory {
  /** The newest head that was wanted; a head that does not contain it was rewound. */
  readonly head: string | undefined
  /** The hold last seen: the tag object that a person moved, and the branch's head at that time. */
  readonly hold: { readonly object: string; readonly head: string } | undefined
}

export interface RevisionInput {
  readonly environment: string
  readonly trigger: 'Branch' | 'Tag'
  readonly hold: 'UntilResume' | 'NextCommit'
  readonly allowRewind: boolean
  readonly verify: 'none' | 'HEAD' | 'Tag' | 'TagAndHEAD'
  /** Full short names: `deploy/prod/current` and `deploy/prod/`. */
  readonly currentTag: string
  readonly tagPrefix: string
  /** H; undefined when the branch or the repository does not exist. */
  readonly head: string | undefined
  /** T. */
  readonly current: TagSeen | undefined
  /** `deploy/<environment>/verified`, written with `trigger: Tag`. */
  readonly verified: { readonly object: string; readonly commit: string } | undefined
  readonly records: readonly DeployRecord[]
  readonly intent: readonly IntendedTag[] | undefined
  readonly memory: RevisionMemory
  /** What a person saw and accepted with `steersman resume`: the tag object that held, and the head. */
  readonly resumed: { readonly tagObject: string | undefined; readonly head: string | undefined } | undefined
}

export interface AncestryQuestion {
  readonly ancestor: string
  readonly descendant: string
}

export interface VerifyQuestion {
  readonly object: string
  readonly type: 'commit' | 'tag'
  readonly tagName?: string
}

/** What must be asked of the repository before {@link RevisionInput} can be decided. */
export interface RevisionQuestions {
  readonly ancestry: readonly AncestryQuestion[]
  readonly verify: readonly VerifyQuestion[]
  /** Commits `exclude..head`, looked through for the resume trailer. */
  readonly resume: { readonly exclude: string; readonly head: string } | undefined
}

/** The answers, in the order of the questions. */
export interface RevisionAnswers {
  /** False also where the ancestor is in no history any more. */
  readonly ancestry: readonly boolean[]
  readonly verify: readonly (
    { readonly valid: true; readonly signer: string } | { readonly valid: false; readonly reason: string }
  )[]
  readonly resume: readonly {
    readonly id: string
    readonly committedAt: number
    readonly trailers: readonly { readonly key: string; readonly value: string }[]
  }[]
}

/** The record with the highest number: D. */
export function newestRecord(records: readonly DeployRecord[]): DeployRecord | undefined {
  return records.reduce<DeployRecord | undefined>(
    (newest, record) => (newest === undefined || record.number > newest.number ? record : newest),
    undefined,
  )
}

/** The newest record of a commit, which may have been deployed more than once. */
export function recordOf(records: readonly DeployRecord[], commit: string): DeployRecord | undefined {
  return newestRecord(records.filter((record) => record.commit === commit))
}

/** The records among tags: names that are the prefix and a plain number from 1 up; anything else below the prefix is somebody's own. */
export function deployRecords(
  tags: readonly { readonly name: string; readonly object: string; readonly commit: string }[],
  tagPrefix: string,
): readonly DeployRecord[] {
  return tags.flatMap(({ name, object, commit }) => {
    const number = name.startsWith(tagPrefix) ? name.slice(tagPrefix.length) : ''
    return /^[1-9]\d{0,8}$/.test(number) ? [{ number: Number(number), object, commit }] : []
  })
}
