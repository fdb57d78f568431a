import { IMAGE_REPOSITORY } from '../../support/machine/shape.ts'
import { ENVIRONMENT } from '../aws/shape.ts'
import type { Pair } from '../aws/shape.ts'
import type { SimulatedAws } from '../aws/simulated-aws.ts'
import type { CheckerEvents } from '../checkers/checker.ts'
import type { MemoryRemote } from '../git/remote.ts'
import { behaviorOf } from '../scenarios/version.ts'
import { USUAL_ROOT } from '../terraform/root.ts'
import type { SaidRoot } from '../terraform/root.ts'
import type { Time } from '../time/time.ts'
import { documentsOf, rootFiles } from './documents.ts'
import { workerDocuments } from './worker-documents.ts'
import { isOfWorkers } from '../aws/workers.ts'
import type { Said, SaidRelease } from './said.ts'
import type { Story } from './story.ts'
import type { Trace } from './trace.ts'
import type { Webhooks } from './webhooks.ts'

export interface ReleaseChange {
  readonly version?: string
  readonly desiredCount?: number
  /** Undefined ends a pin. */
  readonly pin?: number | undefined
  /** Last lines of the commit's message. */
  readonly trailer?: string
}

const NOTHING: Said = { releases: new Map(), broken: undefined }
const AUTHOR = 'Dev <dev@example.com>'

/** What is around the branch. */
export interface BranchSurroundings {
  readonly story: Story
  readonly time: Time
  readonly trace: Trace
  readonly aws: SimulatedAws
  readonly remote: MemoryRemote
  readonly checkers: CheckerEvents | undefined
  pairOf(release: string): Pair
  readonly webhooks: Pick<Webhooks, 'pushed'>
}

/** The environment's branch as developers change it, and what each of its commits says. */
export class Branch {
  readonly #around: BranchSurroundings
  readonly #said = new Map<string, Said>()
  /** Versions whose images are built. */
  readonly #published = new Set<string>()
  /** Every head that the branch ever had, the newest last. */
  readonly heads: string[] = []

  constructor(around: BranchSurroundings) {
    this.#around = around
  }

  get head(): string | undefined {
    return this.#around.remote.branchHead(ENVIRONMENT)
  }

  saidBy(commit: string | undefined): Said {
    return (commit === undefined ? undefined : this.#said.get(commit)) ?? NOTHING
  }

  /** Merges a change of one release. */
  push(release: string, change: ReleaseChange): void {
    this.merge(new Map([[release, change]]))
  }

  /** Merges changes of several releases in one commit; a release that never had a version is left out. */
  merge(changes: ReadonlyMap<string, ReleaseChange>): void {
    const said = this.saidBy(this.head ?? this.heads.at(-1))
    const changed = [...changes].flatMap(([release, change]) => {
      const wanted = this.#wanted(said, release, change)
      return wanted.version === '' ? [] : [[release, wanted] as const]
    })
    const [first] = changed
    if (first === undefined) return
    const { story } = this.#around
    const now: Said = {
      ...said,
      releases: new Map([...said.releases, ...changed]),
      broken: changed.some(([release]) => release === said.broken) ? undefined : said.broken,
      root: story.infrastructure === undefined ? undefined : (said.root ?? USUAL_ROOT),
    }
    const documents = changed.map(([release, wanted]) =>
      isOfWorkers(story)
        ? workerDocuments(story, release, wanted)
        : documentsOf(story, this.#around.pairOf(release), wanted),
    )
    const files = Object.assign({}, ...documents, rootFiles(story, now)) as Record<string, string>
    const trailer = [...changes.values()].find((change) => change.trailer !== undefined)?.trailer
    const what = changed.map(([release]) => describe(now, release)).join(' and ')
    this.#commit(now, { release: first[0], files, trailer, what })
    const others = changed.slice(1).map(([release, { version }]) => ({ release, version }))
    for (const other of others) this.#around.checkers?.pushed({ ...other, commit: this.heads.at(-1) ?? '' })
  }

  #wanted(said: Said, release: string, { version, trailer: _told, ...rest }: ReleaseChange): SaidRelease {
    const before = said.releases.get(release) ?? {
      version: '',
      desiredCount: this.#around.story.desiredCount,
    }
    return { ...before, ...rest, version: version ?? before.version }
  }

  /** Merges a change of what Terraform is to make, where there is something. */
  changeRoot(change: Partial<SaidRoot>): void {
    const said = this.saidBy(this.head ?? this.heads.at(-1))
    const [release] = said.releases.keys()
    if (said.root === undefined || release === undefined) return
    const now = { ...said, root: { ...said.root, ...change } }
    this.#commit(now, {
      release,
      files: rootFiles(this.#around.story, now),
      what: `root with ${JSON.stringify(now.root)}`,
    })
  }

  /** Merges a document that says nothing that could be understood. */
  break(release: string): void {
    const said = this.saidBy(this.head ?? this.heads.at(-1))
    if (said.broken !== undefined || !said.releases.has(release)) return
    this.#commit(
      { ...said, broken: release },
      { release, files: { [`deploy/releases/${release}.yaml`]: 'spec: [image' } },
    )
  }

  /** Merges files as they are; `said` is what their author knows them to want. Returns the commit. */
  pushFiles(
    release: string,
    {
      said,
      files,
    }: { readonly said: (commit: string) => SaidRelease; readonly files: Readonly<Record<string, string>> },
  ): string {
    const { remote, time } = this.#around
    const message = `change ${Object.keys(files).join(' and ')}`
    const commit = remote.commit({ branch: ENVIRONMENT, files, message, author: AUTHOR, at: time.now() })
    const wanted = said(commit)
    const { releases, broken } = this.saidBy(this.heads.at(-1))
    this.#said.set(commit, { releases: new Map([...releases, [release, wanted]]), broken })
    this.#moved(commit, `push ${commit.slice(0, 8)}: ${message}`)
    this.#around.checkers?.pushed({ release, version: wanted.version, commit })
    return commit
  }

  /** Makes the branch name another commit, as a forced push does. */
  force(commit: string): void {
    if (this.head === commit) return
    this.#around.remote.forcePush(ENVIRONMENT, commit)
    this.#moved(commit, `force-push to ${commit.slice(0, 8)}`)
  }

  delete(): void {
    if (this.head === undefined) return
    this.#around.remote.deleteBranch(ENVIRONMENT)
    this.#around.trace.add('people', 'delete the branch')
  }

  /** Says how the version's tasks behave, and that its image is there. */
  publish(version: string): void {
    this.#published.add(version)
    this.#around.aws.images.set(`${IMAGE_REPOSITORY}:${version}`, behaviorOf(version))
  }

  /** The image of the version is not built yet; one that is stays. */
  withhold(version: string): void {
    if (this.#published.has(version)) return
    this.#around.aws.images.set(`${IMAGE_REPOSITORY}:${version}`, { missing: true })
  }

  #commit(
    said: Said,
    {
      release,
      files,
      trailer,
      what = describe(said, release),
    }: {
      readonly release: string
      readonly files: Record<string, string>
      readonly trailer?: string | undefined
      readonly what?: string
    },
  ): void {
    const { remote, time } = this.#around
    const isGone = this.head === undefined
    const last = this.heads.at(-1)
    const { version = '' } = said.releases.get(release) ?? {}
    const commit = remote.commit({
      branch: ENVIRONMENT,
      files,
      message: trailer === undefined ? what : `${what}\n\n${trailer}`,
      author: AUTHOR,
      at: time.now(),
      ...(isGone && last !== undefined ? { parents: [last] } : {}),
    })
    this.#said.set(commit, said)
    this.#moved(commit, `push ${commit.slice(0, 8)}: ${what}`)
    this.#around.checkers?.pushed({ release, version, commit })
  }

  #moved(commit: string, what: string): void {
    this.heads.push(commit)
    this.#around.trace.add('people', what)
    this.#around.webhooks.pushed()
  }
}

/** What a commit says of one release, in a few words. */
function describe({ releases, broken }: Said, release: string): string {
  if (broken === release) return `${release} broken`
  const { version = '', desiredCount = 0, pin } = releases.get(release) ?? {}
  return `${release} ${version} x${desiredCount}${pin === undefined ? '' : ` pinned to ${pin}`}`
}
