/** A git repository, read through one bare mirror. */

export interface Repository {
  /** https, ssh, or a local path; anything else was refused before it gets here. */
  readonly url: string
  readonly credentials:
    | {
        readonly username?: string
        readonly token?: string
        readonly sshKeyFile?: string
        readonly knownHostsFile?: string
      }
    | undefined
}

export interface TagReference {
  readonly name: string
  /** The tag object's id: what a lease on an annotated tag must name. Equals `commit` for a lightweight tag. */
  readonly object: string
  readonly commit: string
}

export interface ReferenceRequest {
  readonly branch: string
  /** `deploy/prod/`: everything below it. */
  readonly tagPrefix: string
  readonly otherTags?: readonly string[]
}

export interface References {
  /** Undefined when the branch does not exist. */
  readonly head: string | undefined
  /** Tags below the asked prefix, short names (`deploy/prod/41`). */
  readonly tags: readonly TagReference[]
}

export interface TreeFile {
  /** From the repository's root. */
  readonly path: string
  readonly mode: 'file' | 'symlink' | 'submodule'
  readonly size: number
  /** Empty for anything but a file within the limit. */
  readonly text: string
  readonly validUtf8: boolean
}

export interface CommitFacts {
  readonly id: string
  readonly parents: readonly string[]
  readonly author: string
  readonly committer: string
  /** Milliseconds since the epoch. */
  readonly committedAt: number
  readonly subject: string
  /** Keys in lower case. */
  readonly trailers: readonly { readonly key: string; readonly value: string }[]
}

export interface TagFacts {
  readonly name: string
  readonly object: string
  readonly commit: string
  readonly annotated: boolean
  readonly tagger: string
  /** Milliseconds since the epoch. */
  readonly taggedAt: number
  readonly message: string
  readonly trailers: readonly { readonly key: string; readonly value: string }[]
}

/** Who may sign: paths of an OpenSSH allowed-signers file and of a GPG keyring (RESOURCES.md, `spec.source.verify`). */
export interface Trust {
  readonly allowedSigners: string | undefined
  readonly gpgKeyring: string | undefined
}

export type Verification =
  { readonly valid: true; readonly signer: string } | { readonly valid: false; readonly reason: string }

export interface NewTag {
  readonly name: string
  readonly commit: string
  readonly message: string
}

/** A tag object that exists in the mirror and not yet in the remote repository: the stored intent of a push. */
export interface PreparedTag {
  readonly name: string
  readonly object: string
  readonly commit: string
}

export type PushResult =
  | { readonly result: 'Pushed' }
  /** Somebody else moved the reference first: read again. */
  | { readonly result: 'Stale' }

export interface FileEdit {
  readonly path: string
  readonly text: string
}

/**
 * Errors are PortErrors with codes `SourceUnavailable` (retry), `SourceMissing` (wait: repository or branch is not there yet), `SourceRefused` (stall:
 * credentials, host key, forbidden transport), `CommitMissing` (retry: fetch again),
 * `MirrorDamaged` (retry: the local copy was removed; the next fetch makes it anew), `SourceTooLarge` (stall).
 */
export interface Source {
  /** One `ls-remote`; costs no object transfer. `otherTags` are full short names outside the prefix, such as a `currentTag` of its own name. */
  references(request: ReferenceRequest): Promise<References>
  /** Brings the branch and the tags below the prefix into the mirror, following forced updates and deletions. */
  fetch(request: ReferenceRequest): Promise<void>
  hasCommit(commit: string): Promise<boolean>
  /** Whether `ancestor` can be reached from `descendant` (or is it); a commit that the mirror has not is in no history. */
  isAncestor(ancestor: string, descendant: string): Promise<boolean>
  /** How many commits `head` has that `base` has not. */
  countAhead(request: { readonly base: string; readonly head: string }): Promise<number>
  /** Every entry below `path` of the commit's tree, without a checkout. `limitBytes` bounds one file, `limitFiles` the listing. */
  files(request: {
    readonly commit: string
    readonly path: string
    readonly limitBytes: number
    readonly limitFiles: number
  }): Promise<readonly TreeFile[]>
  commit(id: string): Promise<CommitFacts>
  /** Commits in `exclude..head`, newest first, at most `limit`: for trailers such as Steersman-Resume. */
  commitsBetween(request: {
    readonly exclude: string
    readonly head: string
    readonly limit: number
  }): Promise<readonly CommitFacts[]>
  /** The newest commit up to `head` that touches one of the paths (as `git log` follows them), or undefined. */
  newestTouching(request: {
    readonly head: string
    readonly paths: readonly string[]
  }): Promise<string | undefined>
  tag(name: string): Promise<TagFacts | undefined>
  verify(request: {
    readonly object: string
    readonly type: 'commit' | 'tag'
    /** The tag's short name: a signed tag object that names another tag was copied from there. */
    readonly tagName?: string
    readonly trust: Trust
  }): Promise<Verification>
  /** Makes the annotated (and, with a key, signed) tag objects without pushing them. The time is an argument: the same input makes the same object. */
  prepareTags(request: {
    readonly tags: readonly NewTag[]
    readonly at: number
    readonly signingKeyFile: string | undefined
  }): Promise<readonly PreparedTag[]>
  hasObject(object: string): Promise<boolean>
  /** One atomic push; `expected` is the tag object's id last read, or empty when the tag must not exist. */
  pushTags(request: {
    readonly tags: readonly { readonly name: string; readonly object: string; readonly expected: string }[]
  }): Promise<PushResult>
  /** Commits edits on top of `head` and pushes them to the branch, if its head is still `head`, or to a new branch, if there is none of that name. */
  commitFiles(request: {
    readonly branch: string
    readonly newBranch?: string | undefined
    readonly head: string
    readonly edits: readonly FileEdit[]
    readonly message: string
    readonly author: string
    /** Milliseconds since the epoch. */
    readonly at: number
    readonly signingKeyFile?: string | undefined
  }): Promise<PushResult & { readonly commit: string }>
}
