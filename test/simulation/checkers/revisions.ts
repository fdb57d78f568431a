import { ENVIRONMENT } from '../aws/shape.ts'
import { isInHistory } from '../git/history.ts'
import { peelToCommit } from '../git/objects.ts'
import type { EnvironmentStatus } from '../../../controller/resources/types.ts'
import type { Simulation } from '../run/simulation.ts'
import type { Asked } from '../run/asked.ts'
import { CURRENT, records } from '../git/deploy-tags.ts'
import { storedEnvironment } from './stored.ts'

const TRAILER = `Steersman-Resume: ${ENVIRONMENT}`
const CURRENT_REFERENCE = `refs/tags/${CURRENT}`

/** What branch, tags and people's words mean by RESOURCES.md, worked out from git itself and from who asked for what. */
export class Revisions {
  readonly #simulation: Simulation
  /** When a controller took a `steersman resume`. */
  readonly #resumes: number[] = []

  constructor(simulation: Simulation) {
    this.#simulation = simulation
  }

  asked({ verb }: Asked): void {
    if (verb === 'resume') this.#resumes.push(this.#simulation.time.now())
  }

  /** The commits that may be what is wanted now; undefined where what runs has to stay, whatever it is. */
  wanted(): readonly string[] | undefined {
    const { branch } = this.#simulation
    const { head } = branch
    if (head === undefined || branch.saidBy(head).broken !== undefined) return undefined
    if (!branch.heads.every((earlier) => this.#contains(head, earlier))) return undefined
    const tag = this.#handMoved()
    if (tag === undefined) return [head]
    const isRecorded = records(this.#simulation).some(({ commit }) => commit === tag.commit)
    const held = isRecorded && this.#contains(head, tag.commit) ? [tag.commit] : undefined
    if (!this.isResumed(tag.at)) return held
    const accepted = resumedStatus(this.#simulation)
    if (accepted.tagObject === tag.object || (tag.isAnnotated && this.#hasTrailer(tag.at))) return [head]
    // A lightweight tag names no time: what was said before anybody saw it may have been about what stood before.
    if (!tag.isAnnotated) return held === undefined ? undefined : [head, ...held]
    // By a controller's clock that is behind, the words came before the tag was made, and so were about what stood before.
    const isBehind = this.#simulation.story.happenings.some(({ kind }) => kind.startsWith('clock'))
    return isBehind ? held : [head]
  }

  /** Whether a person ended holds after that time, by the CLI or by a commit's trailer. */
  isResumed(at: number): boolean {
    return this.#hasTrailer(at) || this.#resumes.some((resumed) => resumed > at)
  }

  #hasTrailer(at: number): boolean {
    const { branch, remote } = this.#simulation
    return branch.heads.some((head) => {
      const commit = peelToCommit(remote.objects, head)
      return commit?.message.includes(TRAILER) === true && commit.at + 1_000 > at
    })
  }

  /** Where and when a person put the tag, if it still is there and that is not where the newest record is; without a record no controller has put it. */
  #handMoved():
    | { readonly commit: string; readonly object: string; readonly at: number; readonly isAnnotated: boolean }
    | undefined {
    const { remote } = this.#simulation
    const object = remote.reference(CURRENT_REFERENCE)
    const [newest] = records(this.#simulation)
    if (object === undefined) return undefined
    const { commit } = remote.tagAt(CURRENT_REFERENCE)
    const move = remote.log.findLast(({ ref }) => ref === CURRENT_REFERENCE)
    const isAnnotated = object !== commit
    return commit === newest?.commit ? undefined : { commit, object, at: move?.at ?? 0, isAnnotated }
  }

  #contains(head: string, ancestor: string): boolean {
    const { objects } = this.#simulation.remote
    const [older, newer] = [peelToCommit(objects, ancestor), peelToCommit(objects, head)]
    return older !== undefined && newer !== undefined && isInHistory(objects, older, newer)
  }
}

/** What the controller took the last `steersman resume` to be about: the tag and the head that stood then. */
function resumedStatus({
  machine,
}: Simulation): NonNullable<EnvironmentStatus['resumed']> | { tagObject?: string } {
  const { status } = storedEnvironment(machine) ?? {}
  return (status as EnvironmentStatus | undefined)?.resumed ?? {}
}
