import { isFinished } from '../../../controller/core/rollout/state.ts'
import type { EnvironmentStatus, ReleaseStatus } from '../../../controller/resources/types.ts'
import { Checkers } from '../checkers/checkers.ts'
import type { Violation } from '../checkers/checker.ts'
import { storedEnvironment, storedReleases, storedRollouts } from '../checkers/stored.ts'
import { isInfrastructureDue } from '../terraform/applied.ts'
import { settle } from '../time/virtual-time.ts'
import { Meters } from './meters.ts'
import { Receiver } from './receiver.ts'
import { Approvers } from './approvers.ts'
import type { Measured } from './measures.ts'
import { intervalSeconds } from './interval.ts'
import { isAtRest, isFreeOfTrouble } from './rest.ts'
import { Simulation } from './simulation.ts'
import type { Happening, Story } from './story.ts'
import { kindNamed } from './draw-story.ts'
import type { StrikeCounts } from './strikes.ts'
import type { TraceEntry } from './trace.ts'

/** What a run came to. */
export interface RunResult {
  readonly story: Story
  readonly violations: readonly Violation[]
  readonly traceHash: string
  readonly trace: readonly TraceEntry[]
  readonly sdkCalls: number
  readonly writes: number
  readonly measured: Measured
  /** By kind of happening, how many truly struck; pushes are in it too. */
  readonly fired: StrikeCounts
  /** The same by the phase in which a rollout was. */
  readonly firedByPhase: Readonly<Record<string, StrikeCounts>>
  /** Processes of controllers that were killed. */
  readonly crashes: number
  /** From the end of all that goes wrong to the last write. */
  readonly restMs: number
  readonly virtualMs: number
  readonly steps: number
}

/** After the last happening everything must have come to rest within so long, and then stay so. */
const REST_WITHIN_MS = 45 * 60_000
const QUIET_MS = 4 * 60_000
/** The same where the controller waits for nothing, not even for an old side to be cold: two of its looks at the environment, a tenth late, and slow answers. */
const REST = { looks: 2.2, slackMs: 4_000 }
/** So long after the last happening that which it brought about may go on going wrong. */
const TROUBLE_MS = 120_000
/** How often it is looked whether rollouts still run. */
const LOOK_MS = 10_000
/** More would be a loop without end. */
const MOST_STEPS = 2_000_000

/** Plays a story to its end: all that happens in it, then calm, until nothing is written any more. */
export async function play(
  story: Story,
  prepare: (simulation: Simulation) => void = () => {},
): Promise<RunResult> {
  if (story.depth === 'core') return playCore(story, prepare)
  const simulation = new Simulation(story)
  try {
    const run = new Play(simulation, prepare).run()
    for (;;) {
      const next = run.next()
      if (next.done === true) return next.value
      await next.value
    }
  } finally {
    simulation.end()
    await settle()
  }
}

/** The same at core depth, where nothing is asynchronous. */
export function playCore(story: Story, prepare: (simulation: Simulation) => void = () => {}): RunResult {
  const simulation = new Simulation({ ...story, depth: 'core' })
  try {
    const run = new Play(simulation, prepare).run()
    for (;;) {
      const next = run.next()
      if (next.done === true) return next.value
    }
  } finally {
    simulation.end()
  }
}

class Play {
  readonly #simulation: Simulation
  readonly #checkers: Checkers
  #steps = 0
  #calls = 0
  #writes = 0
  #lastWriteMs = 0
  #lookAgainMs = 0
  /** When some rollout was last seen to go on. */
  #rolledOutMs = 0

  constructor(simulation: Simulation, prepare: (simulation: Simulation) => void) {
    this.#simulation = simulation
    this.#checkers = new Checkers(simulation)
    prepare(simulation)
    simulation.aws.listen({
      afterCall: ({ writes, who }) => {
        if (who === 'people') return
        this.#calls += 1
        if (!writes) return
        this.#writes += 1
        this.#lastWriteMs = simulation.time.elapsed()
      },
    })
  }

  /** Hands out each step, which may take a promise to end. */
  *run(): Generator<void | Promise<void>, RunResult> {
    const { time, story } = this.#simulation
    for (const happening of story.happenings)
      time.after(happening.atMs, () => {
        const { during, delayMs = 0 } = happening
        if (during === undefined) this.#happen(happening)
        else this.#simulation.phases.wait({ phase: during, delayMs }, () => this.#happen(happening))
      })
    this.#simulation.start()
    if (story.gates === 'people') new Approvers(this.#simulation).start()
    if (story.gates === 'outside') {
      new Receiver(this.#simulation).start()
      new Meters(this.#simulation).start()
    }
    const endMs = (story.happenings.at(-1)?.atMs ?? 0) + 1
    yield* this.#until(() => time.elapsed() >= endMs)
    yield* this.#until(() => time.elapsed() >= endMs + TROUBLE_MS || this.#hasNoTrouble)
    yield* this.#until(() => time.elapsed() >= this.#simulation.busyUntilMs)
    this.#simulation.calm()
    const calmMs = time.elapsed()
    yield* this.#until(
      () =>
        (this.#isQuiet({ endMs, calmMs }) && !this.#rollsOut()) || time.elapsed() - calmMs > REST_WITHIN_MS,
    )
    if (time.elapsed() - calmMs > REST_WITHIN_MS)
      this.#checkers.violations.push({
        promise: 'I5',
        message: 'it does not come to rest',
        atMs: time.elapsed(),
      })
    this.#checkers.rested()
    this.#checkStory()
    return {
      story,
      violations: this.#checkers.violations,
      traceHash: this.#simulation.trace.hash(),
      trace: this.#simulation.trace.entries,
      sdkCalls: this.#calls,
      writes: this.#writes,
      measured: this.#simulation.measures.measured,
      fired: this.#simulation.strikes.fired,
      firedByPhase: this.#simulation.strikes.byPhase,
      crashes: this.#simulation.seats.reduce((sum, { crashes }) => sum + crashes, 0),
      restMs: Math.max(0, this.#lastWriteMs - calmMs),
      virtualMs: time.elapsed(),
      steps: this.#steps,
    }
  }

  /** A story whose manifests are refused plays nothing, and nothing in it could go wrong; but for a document that a story breaks. */
  #checkStory(): void {
    const { time, machine, branch } = this.#simulation
    if (branch.saidBy(branch.head ?? branch.heads.at(-1)).broken !== undefined) return
    const { conditions = [] } = (storedEnvironment(machine)?.status ?? {}) as EnvironmentStatus
    const refused = conditions.find(({ type, status }) => type === 'Stalled' && status === 'True')
    if (refused?.reason !== 'ManifestInvalid') return
    const message = `its manifests are refused: ${refused.message}`
    this.#checkers.violations.push({ promise: 'story', message, atMs: time.elapsed() })
  }

  /** Where nothing is left that calm would stop, waiting for its end changes nothing. */
  get #hasNoTrouble(): boolean {
    return this.#simulation.story.quietMs !== undefined || isFreeOfTrouble(this.#simulation)
  }

  get #restMs(): number {
    return REST.looks * intervalSeconds(this.#simulation.story) * 1000 + REST.slackMs
  }

  #isQuiet({ endMs, calmMs }: { readonly endMs: number; readonly calmMs: number }): boolean {
    const { time, story, busyUntilMs } = this.#simulation
    const sinceMs = Math.max(this.#lastWriteMs, this.#rolledOutMs, calmMs, busyUntilMs)
    if (story.quietMs !== undefined) return time.elapsed() - sinceMs > story.quietMs
    if (time.elapsed() - Math.max(sinceMs, endMs + TROUBLE_MS) > QUIET_MS) return true
    return time.elapsed() - sinceMs > this.#restMs && isAtRest(this.#simulation)
  }

  /** Whether a rollout waits for something, as for its deadline, Terraform is at work, or something is let be for a while; looked up now and then only. */
  #rollsOut(): boolean {
    const { time, machine } = this.#simulation
    if (time.elapsed() < this.#lookAgainMs) return true
    this.#lookAgainMs = time.elapsed() + LOOK_MS
    const rollsOut =
      storedRollouts(machine).some(({ status }) => !isFinished(status)) ||
      [...storedReleases(machine).values()].some(isLetBe) ||
      isInfrastructureDue(this.#simulation)
    if (rollsOut) this.#rolledOutMs = time.elapsed()
    return rollsOut
  }

  #happen({ kind, with: given }: Happening): void {
    const { trace, strikes } = this.#simulation
    if (kind !== 'push') trace.add('fault', `${kind} ${JSON.stringify(given)}`)
    strikes.happen(kind, () => kindNamed(kind).apply(this.#simulation, given))
  }

  *#until(isEnough: () => boolean): Generator<void | Promise<void>, void> {
    const { time } = this.#simulation
    while (!isEnough() && time.hasNext()) {
      yield time.step()
      this.#checkers.stepped()
      this.#steps += 1
      if (this.#steps > MOST_STEPS) throw new Error(`more than ${MOST_STEPS} steps in ${time.elapsed()} ms`)
    }
  }
}

/** Whether something was put back so often that it is left to whoever changes it: it is put back again after that. */
const isLetBe = ({ conditions = [] }: ReleaseStatus): boolean =>
  conditions.some(({ reason, status }) => reason === 'Flapping' && status === 'True')
