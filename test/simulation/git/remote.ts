import { branchReference, tagPrefixReference, tagReference } from '../../../controller/adapters/git/names.ts'
import type { Clock } from '../../../controller/ports/clock.ts'
import type { PushResult, TagReference } from '../../../controller/ports/source.ts'
import { refused, repositoryMissing } from './errors.ts'
import { copyObjects, makeCommit, makeTag, peelToCommit } from './objects.ts'
import type { ObjectStore } from './objects.ts'
import { changeTree, compareBytes } from './tree.ts'
import type { FileEntry } from './tree.ts'

/** One reference that one push changed; a push that changes nothing is not in the log. */
export interface ReferenceChange {
  /** Milliseconds since the epoch, by the forge's clock. */
  readonly at: number
  /** Counts pushes: the references of one atomic push share it. */
  readonly push: number
  /** Full name, such as `refs/heads/main`. */
  readonly ref: string
  readonly before: string | undefined
  readonly after: string | undefined
  readonly by: 'people' | 'steersman'
}

export interface ReferenceUpdate {
  /** Full name. */
  readonly ref: string
  readonly object: string
  /** The id last read, or empty when the reference must not exist. */
  readonly expected: string
}

export interface NewCommit {
  readonly branch: string
  /** Put over the first parent's files. */
  readonly files: Readonly<Record<string, FileEntry>>
  readonly removed?: readonly string[]
  readonly message: string
  /** `Name <address>`, for the author and the committer. */
  readonly author: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Instead of the branch's head; an empty list starts a new history (a forced push). */
  readonly parents?: readonly string[]
  readonly signer?: string
}

export interface Annotation {
  readonly message: string
  /** `Name <address>`. */
  readonly tagger: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly signer?: string
}

/** The forge's side of one repository: what people do to it, what a source sees of it, and the log of every change of a reference. */
export class MemoryRemote {
  readonly objects: ObjectStore = new Map()
  readonly log: ReferenceChange[] = []
  readonly #clock: Pick<Clock, 'now'>
  readonly #references = new Map<string, string>()
  #sortedNames: readonly string[] | undefined
  #pushes = 0
  #isAway = false

  constructor({ clock }: { readonly clock: Pick<Clock, 'now'> }) {
    this.#clock = clock
  }

  /** A person's commit, pushed to the branch whatever its head is; returns its id. */
  commit(request: NewCommit): string {
    const head = this.branchHead(request.branch)
    const parents = request.parents ?? (head === undefined ? [] : [head])
    const [base] = parents.map((parent) => this.#commitOf(parent))
    const commit = makeCommit({
      tree: changeTree(base?.tree, {
        files: new Map(Object.entries(request.files)),
        removed: request.removed ?? [],
      }),
      parents,
      author: request.author,
      at: request.at,
      message: `${request.message}\n`,
      signer: request.signer,
    })
    this.objects.set(commit.id, commit)
    this.#pushByPeople(branchReference(request.branch), commit.id)
    return commit.id
  }

  /** Sets the branch to a commit that the repository has, whatever it was. */
  forcePush(branch: string, commit: string): void {
    this.#pushByPeople(branchReference(branch), this.#commitOf(commit).id)
  }

  deleteBranch(branch: string): void {
    this.#pushByPeople(branchReference(branch), undefined)
  }

  /** Makes or moves a tag to a commit or to another tag's object; without an annotation a lightweight one. Returns the id that the reference then has. */
  moveTag(name: string, target: string, annotation?: Annotation): string {
    const named = this.objects.get(target)
    if (named === undefined) throw new Error(`the repository has no object ${target}`)
    let object = target
    if (annotation !== undefined) {
      const message = `${annotation.message}\n`
      const { tagger, at, signer } = annotation
      const tag = makeTag({ target, targetType: named.type, name, tagger, at, message, signer })
      this.objects.set(tag.id, tag)
      object = tag.id
    }
    this.#pushByPeople(tagReference(name), object)
    return object
  }

  deleteTag(name: string): void {
    this.#pushByPeople(tagReference(name), undefined)
  }

  branchHead(branch: string): string | undefined {
    return this.#references.get(branchReference(branch))
  }

  /** The tags below a prefix such as `deploy/prod/`, in the order of their names. */
  tags(prefix: string): readonly TagReference[] {
    const start = tagPrefixReference(prefix)
    return this.referenceNames()
      .filter((name) => name.startsWith(start))
      .map((name) => this.tagAt(name))
  }

  /** From now on the repository answers "not found", until it comes back. */
  goAway(): void {
    this.#isAway = true
  }

  comeBack(): void {
    this.#isAway = false
  }

  /** Rejects what a source asks of a repository that is away. */
  assertThere(): void {
    if (this.#isAway) throw repositoryMissing()
  }

  /** Full names of all references, in git's order. */
  referenceNames(): readonly string[] {
    this.#sortedNames ??= [...this.#references.keys()].toSorted(compareBytes)
    return this.#sortedNames
  }

  /** The object that a reference of this full name has. */
  reference(name: string): string | undefined {
    return this.#references.get(name)
  }

  /** The tag of this full name, which must exist. */
  tagAt(name: string): TagReference {
    const object = this.#references.get(name)
    if (object === undefined) throw new Error(`the repository has no reference ${name}`)
    return { name: name.slice('refs/tags/'.length), object, commit: this.#commitOf(object).id }
  }

  /** Steersman's push: all of the updates or none, each only if its reference is as expected or is there already. */
  receive(updates: readonly ReferenceUpdate[], objects: ObjectStore): PushResult {
    const changes = updates.filter(({ ref, object }) => this.#references.get(ref) !== object)
    const isAsExpected = ({ ref, expected }: ReferenceUpdate): boolean =>
      (this.#references.get(ref) ?? '') === expected
    if (!changes.every(isAsExpected)) return { result: 'Stale' }
    if (!changes.every(({ object }) => objects.has(object))) throw refused('unpacker error')
    const isInTheWay = ({ ref }: ReferenceUpdate): boolean =>
      this.#isNameTaken(ref) || changes.some((other) => areNamesInTheWay(other.ref, ref))
    if (changes.some(isInTheWay)) return { result: 'Stale' }
    if (changes.length > 0) this.#pushes += 1
    for (const { ref, object } of changes) {
      copyObjects(objects, this.objects, object)
      this.#set({ ref, after: object, by: 'steersman' })
    }
    return { result: 'Pushed' }
  }

  #pushByPeople(ref: string, after: string | undefined): void {
    if (this.#references.get(ref) === after) return
    if (after !== undefined && this.#isNameTaken(ref)) {
      throw new Error(`${ref} stands in the way of another reference, or below it`)
    }
    this.#pushes += 1
    this.#set({ ref, after, by: 'people' })
  }

  #set({ ref, after, by }: Pick<ReferenceChange, 'ref' | 'after' | 'by'>): void {
    const before = this.#references.get(ref)
    if (after === undefined) this.#references.delete(ref)
    else this.#references.set(ref, after)
    if (before === undefined || after === undefined) this.#sortedNames = undefined
    this.log.push({ at: this.#clock.now(), push: this.#pushes, ref, before, after, by })
  }

  #isNameTaken(ref: string): boolean {
    if (this.#references.has(ref)) return false
    for (const name of this.#references.keys()) if (areNamesInTheWay(name, ref)) return true
    return false
  }

  #commitOf(id: string): NonNullable<ReturnType<typeof peelToCommit>> {
    const commit = peelToCommit(this.objects, id)
    if (commit === undefined) throw new Error(`the repository has no commit ${id}`)
    return commit
  }
}

/** References are files and folders to git: `a` and `a/b` cannot both be. */
function areNamesInTheWay(one: string, other: string): boolean {
  return one.startsWith(`${other}/`) || other.startsWith(`${one}/`)
}
