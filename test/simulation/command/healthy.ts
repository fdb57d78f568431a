import { Member } from './crew/member.ts'
import type { Job } from './request.ts'

/** Plays seeds without any bug, in one process for all that ask, and remembers what came of them: most bugs are caught at the same few seeds. */
export class Healthy {
  readonly #job: Job
  readonly #known = new Map<number, Promise<boolean>>()
  #member: Member | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(job: Job) {
    this.#job = job
  }

  /** Whether the seed keeps every promise; a seed at which the process is lost does not. */
  keepsAll(seed: number): Promise<boolean> {
    const known = this.#known.get(seed)
    if (known !== undefined) return known
    const fresh = this.#turn.then(() => this.#play(seed))
    this.#known.set(seed, fresh)
    this.#turn = fresh
    return fresh
  }

  async end(): Promise<void> {
    await this.#turn
    await this.#member?.end()
  }

  async #play(seed: number): Promise<boolean> {
    const member = (this.#member ??= new Member({}))
    let isKept = false
    const { gone } = await member.play(this.#job, [seed], ({ violations }) => {
      isKept = violations.length === 0
    })
    if (gone !== undefined) this.#member = undefined
    return isKept && gone === undefined
  }
}
