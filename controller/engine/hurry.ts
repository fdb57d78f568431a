import type { Eyes } from './observe.ts'

/** How urgent it is what a turn asks AWS. */
export class Hurry {
  #controller = new AbortController()
  #isWished = false
  #isUrgent = false

  /** Fires where what is asked now can't wait for its turn. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Somebody wants the traffic back, and the turn goes on without: it was opened before that was known. */
  get isUnheard(): boolean {
    return this.#isWished && !this.#isUrgent
  }

  /** Somebody wants the traffic back: what the turn still waits for keeps that waiting, too. */
  wish(): void {
    this.#isWished = true
    this.#controller.abort()
  }

  /** Says whether the turn's next step can wait; where it can, what it asks waits like any other. */
  set(isUrgent: boolean): void {
    this.#isUrgent = isUrgent
    if (isUrgent || this.#isWished) this.#controller.abort()
    else if (this.signal.aborted) this.#controller = new AbortController()
  }
}

/** The eyes of a turn: whatever they look at is as urgent as the turn is by then. Nobody's traffic waits for a schedule. */
export function hurried({ platform, traffic, schedules, codeDeploy }: Eyes, { signal: hurry }: Hurry): Eyes {
  return {
    schedules,
    platform: {
      services: (references) => platform.services(references, { hurry }),
      scaling: (references) => platform.scaling(references, { hurry }),
      serviceDeployment: (arn) => platform.serviceDeployment(arn, { hurry }),
      tasks: (reference) => platform.tasks(reference, { hurry }),
    },
    traffic: {
      loadBalancer: (name) => traffic.loadBalancer(name, { hurry }),
      targetGroups: (names, options) => traffic.targetGroups(names, { ...options, hurry }),
      rules: (arn, references) => traffic.rules(arn, references, { hurry }),
      targets: (arn) => traffic.targets(arn, { hurry }),
    },
    codeDeploy: { look: (reference) => codeDeploy.look(reference, { hurry }) },
  }
}
