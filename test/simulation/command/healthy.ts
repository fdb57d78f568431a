import { Member } from './crew/member.ts'
import type { Job } from './request.ts'

/** Plays seeds without any bug, in one process for all that ask, and remembers what came of them: most bugs are caught at the same few seeds. */
export class Healthy {
  readonly #known = new Map<string, Promise<boolean>>()
  #member: Member | undefined
  #turn: Promise<unknown> = Promise.resolve()

  /** Whether the seed keeps every promise; a seed at which the process is lost does not. */
  keepsAll(job: Job, seed: number): Promise<boolean> {
    const key = JSON.stringify([job, seed])
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const fresh = this.#turn.then(() => this.#play(job, seed))
    this.#known.set(key, fresh)
    this.#turn = fresh
    return fresh
  }

  async end(): Promise<void> {
    await this.#turn
    await this.#member?.end()
  }

  async #play(job: Job, seed: number): Promise<boolean> {
    const member = (this.#member ??= new Member({}))
    let isKept = false
    const { gone } = await member.play(job, [seed], ({ violations }) => {
      isKept = violations.length === 0
    })
    if (gone !== undefined) this.#member = undefined
    return isKept && gone === undefined
  }
}
