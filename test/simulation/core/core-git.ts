import { createReads, bringUpToDate, fullNames, readReferences } from '../git/source.ts'
import { commitFacts, tagFacts, verification } from '../git/facts.ts'
import { assertSound } from '../git/mirror.ts'
import type { MemoryMirror } from '../git/mirror.ts'
import { newestChange } from '../git/history.ts'
import type { MemoryRemote } from '../git/remote.ts'
import { listFiles } from '../git/tree.ts'
import type { Tree } from '../git/tree.ts'
import { preparedTag } from '../git/writing.ts'
import { tagReference } from '../../../controller/adapters/git/names.ts'
import { MAX_FILE_BYTES } from '../../../controller/core/manifest.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { Random } from '../../../controller/ports/random.ts'
import type {
  CommitFacts,
  PreparedTag,
  PushResult,
  ReferenceRequest,
  References,
  Source,
  TagFacts,
  TreeFile,
} from '../../../controller/ports/source.ts'
import type { TagIntent } from '../../../controller/resources/types.ts'
import type { Forge } from '../process/git-gateway.ts'
import { away, GIVEN_UP_MS } from '../process/git-gateway.ts'
import type { SimulatedProcess } from '../process/simulated-process.ts'
import { between } from '../time/randomness.ts'
import type { Steps } from './steps.ts'
import { pause, watched } from './steps.ts'

/** The source port without promises: the forge is some way off, the local copy is at hand. */
export class CoreGit {
  readonly #options: {
    readonly remote: MemoryRemote
    readonly mirror: MemoryMirror
    readonly forge: Forge
    readonly process: SimulatedProcess
    readonly random: Random
  }

  constructor(options: {
    readonly remote: MemoryRemote
    readonly mirror: MemoryMirror
    readonly forge: Forge
    readonly process: SimulatedProcess
    readonly random: Random
  }) {
    this.#options = options
  }

  references(request: ReferenceRequest): Steps<References> {
    const { remote } = this.#options
    return this.#call('references', false, () => readReferences(remote, fullNames(request)))
  }

  fetch(request: ReferenceRequest): Steps<void> {
    const { remote } = this.#options
    return this.#call('fetch', false, () => bringUpToDate(remote, this.#mirror, fullNames(request)))
  }

  pushTags(tags: TagIntent['tags']): Steps<PushResult> {
    const { remote } = this.#options
    const updates = tags.map(({ name, object, expected }) => ({ ref: tagReference(name), object, expected }))
    return this.#call('pushTags', true, () => remote.receive(updates, this.#mirror.objects))
  }

  hasCommit(id: string): boolean {
    return this.#mirror.objects.get(id)?.type === 'commit'
  }

  hasObject(id: string): boolean {
    return this.#mirror.objects.has(id)
  }

  commit(id: string): CommitFacts {
    return commitFacts(createReads(this.#mirror).commit(id))
  }

  tree(commit: string): Tree {
    return createReads(this.#mirror).commit(commit).tree
  }

  files(commit: string, path: string): readonly TreeFile[] {
    return listFiles(this.tree(commit), { path, limitBytes: MAX_FILE_BYTES, limitFiles: 2_000 })
  }

  isAncestor(ancestor: string, descendant: string): boolean {
    return createReads(this.#mirror).isAncestor(ancestor, descendant)
  }

  commitsBetween(base: string, head: string): readonly CommitFacts[] {
    return createReads(this.#mirror).ahead(base, head).map(commitFacts)
  }

  newestTouching(head: string, paths: readonly string[]): string | undefined {
    return newestChange(this.#mirror.objects, createReads(this.#mirror).commit(head), paths)?.id
  }

  tag(name: string): TagFacts | undefined {
    const mirror = this.#mirror
    const reference = tagReference(name)
    const object = mirror.objects.get(mirror.references.get(reference) ?? '')
    if (object === undefined) return undefined
    const known = knownTags.get(object)
    if (known?.name === name) return known
    const facts = tagFacts(mirror, reference)
    if (facts !== undefined) knownTags.set(object, facts)
    return facts
  }

  verify(request: Parameters<Source['verify']>[0]): ReturnType<typeof verification> {
    return verification(this.#mirror, request)
  }

  prepareTags(tags: readonly { name: string; commit: string; message: string }[], at: number): PreparedTag[] {
    return tags.map((tag) => preparedTag(this.#mirror, { tag, at, signingKeyFile: undefined }))
  }

  get #mirror(): MemoryMirror {
    const { mirror } = this.#options
    assertSound(mirror, false)
    return mirror
  }

  *#call<Result>(operation: string, writes: boolean, effect: () => Result): Steps<Result> {
    const { process, random, remote, forge } = this.#options
    yield* pause(process, between(random, 20, 300))
    if (process.isCutOff) yield* this.#hang(operation)
    if (forge.state === 'Away') {
      forge.struck()
      throw away(operation, { ambiguous: false })
    }
    const doIt = (): Result => {
      remote.assertThere()
      return effect()
    }
    const result = writes ? yield* watched(process, `git ${operation}`, doIt) : doIt()
    yield* pause(process, between(random, 20, 300))
    if (process.isCutOff) yield* this.#hang(operation)
    if (forge.state !== 'Forgetful' || !writes) return result
    forge.struck()
    throw away(operation, { ambiguous: true })
  }

  *#hang(operation: string): Steps<void> {
    yield* pause(this.#options.process, GIVEN_UP_MS)
    throw away(operation, { ambiguous: true })
  }
}

/** What an object says never changes; two references may name the same one. */
const knownTags = new WeakMap<object, TagFacts>()

/** Whether the source itself, and not AWS, is in trouble. */
export const isOfSource = (error: unknown): boolean =>
  error instanceof PortError && /^(?:Source|Commit|Mirror)/.test(error.code)
