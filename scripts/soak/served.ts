/** One answer as a user got it; moments are monotonic milliseconds. */
export interface Answer {
  readonly sentAt: number
  readonly answeredAt: number
  /** 0 when there was no answer at all. */
  readonly status: number
  readonly version: string | undefined
  readonly error: string | undefined
}

/** When a version that is to be refused may answer: from the first write that gave it weight to the one that took it back. */
interface Window {
  from: number
  until: number
}

/** Judges answers by what the load balancer's rule said, never by the controller's word. */
export class Served {
  readonly #windows = new Map<string, Window>()
  /** The first few things that were wrong, each told in one line. */
  readonly complaints: string[] = []
  requests = 0
  /** Answers that were not 200, or never came. */
  failed = 0
  /** Answers of a version sent for after it was refused, or that came before it was let in. */
  refusedServed = 0

  /** From now on the version may not answer before {@link Served.letIn}. */
  watch(version: string): void {
    this.#windows.set(version, { from: Infinity, until: Infinity })
  }

  /** The version has some weight, by a write that was accepted then. */
  letIn(version: string, at: number): void {
    const window = this.#windows.get(version)
    if (window !== undefined && window.from === Infinity) window.from = at
  }

  /** The version is refused: its weight was taken by a write that was accepted then. */
  refuse(version: string, at: number): void {
    const window = this.#windows.get(version)
    if (window === undefined) this.#windows.set(version, { from: -Infinity, until: at })
    else if (window.until === Infinity) window.until = at
  }

  add(answer: Answer): void {
    this.requests++
    if (answer.status !== 200) {
      this.failed++
      this.#complain(answer, answer.error ?? 'failed')
      return
    }
    const window = answer.version === undefined ? undefined : this.#windows.get(answer.version)
    if (window === undefined) return
    if (answer.answeredAt < window.from) {
      this.refusedServed++
      this.#complain(answer, 'it was not let in yet')
    } else if (answer.sentAt > window.until) {
      this.refusedServed++
      this.#complain(answer, `it was refused ${Math.round(answer.sentAt - window.until)} ms before`)
    }
  }

  #complain({ status, version }: Answer, why: string): void {
    if (this.complaints.length < MOST_COMPLAINTS)
      this.complaints.push(`status ${status}, version ${version ?? 'none'}: ${why}`)
  }
}

const MOST_COMPLAINTS = 20
