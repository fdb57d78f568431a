import { readConfig, ConfigError } from '../../../controller/config.ts'
import type { EnvironmentStatus, ReleaseStatus } from '../../../controller/resources/types.ts'
import { isFinished } from '../../../controller/core/rollout/state.ts'
import { makeAlarms } from '../aws/alarms.ts'
import { Checkers } from '../checkers/checkers.ts'
import type { StoredRollout } from '../checkers/stored.ts'
import { storedObjects, storedRollouts } from '../checkers/stored.ts'
import type { SaidRelease } from '../run/said.ts'
import { Simulation } from '../run/simulation.ts'
import type { EnvironmentSpec } from '../../support/machine/environment.ts'
import { behaviorOf } from '../scenarios/version.ts'
import { IMAGE_REPOSITORY } from '../../support/machine/shape.ts'
import { FILES, RELEASE } from './base.ts'
import type { Documents } from './change.ts'
import { hasPlace, valueAt } from './document.ts'
import { write } from './text.ts'

/** Nothing was written for so long: longer than a webhook is late, a poll takes and a previous version is kept. */
const QUIET_MS = 32_000
/** The same where the branch is polled as often as an Environment leaves it: twice the time of a poll, and some. */
const USUAL_QUIET_MS = 75_000
/** Everything must have come to rest by then. */
const REST_WITHIN_MS = 20 * 60_000
const MOST_STEPS = 200_000
/** Versions whose tasks behave otherwise than well say it in their tag. */
const VERSIONS = ['v4-slow', 'v5-fails-gate', 'v6-never-healthy', 'v7-crashes']

/** A simulated town without faults, in which documents are pushed and everything comes to rest. */
export class Town {
  readonly simulation: Simulation
  readonly checkers: Checkers
  /** What the configuration in force was read from, and the texts that the branch has. */
  #configuration: string | undefined
  #pushed: Readonly<Record<string, string>> = {}
  #quietMs = QUIET_MS
  /** By ARN of a task definition that served: what decides whether tasks are needed. */
  readonly contents = new Map<string, string>()
  #writes = 0
  #lastWriteMs = 0

  constructor(seed: number) {
    this.simulation = new Simulation({
      scenario: 'walker',
      seed,
      releases: [RELEASE],
      desiredCount: 2,
      seats: 1,
      happenings: [],
    })
    makeAlarms(this.simulation.aws, [RELEASE])
    this.checkers = new Checkers(this.simulation)
    const { aws, time } = this.simulation
    aws.listen({
      afterCall: ({ writes, who }, _reply, happened) => {
        if (!writes || who === 'people' || !happened) return
        this.#writes += 1
        this.#lastWriteMs = time.elapsed()
      },
    })
    for (const version of VERSIONS) aws.images.set(`${IMAGE_REPOSITORY}:${version}`, behaviorOf(version))
    aws.images.set(`${IMAGE_REPOSITORY}:v8-missing`, { missing: true })
    for (const version of ['v1-good', 'v2-good']) aws.images.find(`${IMAGE_REPOSITORY}:${version}`)
  }

  /** Writes to AWS that happened so far. */
  get writes(): number {
    return this.#writes
  }

  get environment(): EnvironmentStatus {
    return storedObjects(this.simulation.machine, 'Environment')[0]?.status ?? {}
  }

  get release(): ReleaseStatus {
    return storedObjects(this.simulation.machine, 'Release')[0]?.status ?? {}
  }

  get rollouts(): readonly StoredRollout[] {
    return storedRollouts(this.simulation.machine, RELEASE)
  }

  /** Brings the documents to where they are read from. Resolves to the Issues of a configuration that is refused; it is not taken over then. */
  push(documents: Documents): readonly string[] {
    const configuration = write(documents.environment).text
    const issues = issuesOf(configuration)
    if (issues.length > 0) return issues
    this.#quietMs = hasPlace(documents.environment, '/spec/source/interval') ? QUIET_MS : USUAL_QUIET_MS
    if (configuration !== this.#configuration) {
      this.#configuration = configuration
      this.simulation.configure(wholeSpec(documents))
    }
    const files = {
      [FILES.release]: write(documents.release).text,
      [FILES.taskDefinition]: write(documents.taskDefinition).text,
    }
    if (JSON.stringify(files) === JSON.stringify(this.#pushed)) return []
    this.#pushed = files
    this.simulation.branch.pushFiles(RELEASE, { said: (commit) => saidOf(this, documents, commit), files })
    return []
  }

  /** Resolves when everything that was pushed has been seen and nothing is written any more; false when that never comes. */
  async rest(): Promise<boolean> {
    const { time } = this.simulation
    const startMs = time.elapsed()
    const isQuiet = (): boolean =>
      time.elapsed() - Math.max(startMs, this.#lastWriteMs) > this.#quietMs && this.#hasRested()
    for (let steps = 0; !isQuiet(); steps += 1) {
      if (time.elapsed() - startMs > REST_WITHIN_MS || steps > MOST_STEPS || !time.hasNext()) return false
      await time.step()
      this.checkers.stepped()
    }
    return true
  }

  end(): void {
    this.simulation.end()
  }

  #hasRested(): boolean {
    return this.rollouts.every(({ status }) => isFinished(status))
  }
}

/** What the config directory's one file is refused for; empty for a good one. */
function issuesOf(text: string): readonly string[] {
  const file = { path: FILES.environment, mode: 'file' as const, size: text.length, text, validUtf8: true }
  try {
    readConfig({ files: [file], directory: '/config', variables: {} })
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.issues
    throw error
  }
}

/** Every member that the spec of an Environment may have: those left out are undefined, so that none is left of before. */
function wholeSpec({ environment }: Documents): EnvironmentSpec {
  const spec = environment['spec'] as EnvironmentSpec
  const gone = Object.fromEntries(MEMBERS.map((name) => [name, undefined]))
  const source = { path: undefined, interval: undefined, ...(spec['source'] as object) }
  return { ...gone, ...spec, source }
}

const MEMBERS = [
  'trigger',
  'hold',
  'currentTag',
  'drift',
  'ignore',
  'requiredGates',
  'images',
  'allow',
  'prune',
  'suspend',
]

/** What the author of the documents knows them to want. */
function saidOf(
  { simulation: { aws } }: Town,
  { release, environment }: Documents,
  commit: string,
): SaidRelease {
  const { repository, tag, digest, tagFromCommit } = valueOf(release, '/spec/image', {}) as ImageWritten
  const pin: unknown = valueAt(release, '/spec/pin/rollout') ?? valueAt(release, '/spec/pin/taskDefinition')
  const ofDigest = digest === undefined ? tag : aws.images.tagOf(`${repository}@${digest}`)
  const version = tagFromCommit === undefined ? ofDigest : commit
  const count: unknown = valueAt(release, '/spec/service/desiredCount')
  const isUngated = ![
    ...gatesAt(release, '/spec/gates'),
    ...gatesAt(environment, '/spec/requiredGates'),
  ].some(({ when = 'Verify' }) => when === 'Verify' || when === 'BeforeShift')
  return {
    version: typeof version === 'string' ? version : '',
    desiredCount: typeof count === 'number' ? count : 0,
    ...(pin === undefined ? {} : { pin: Number(pin) }),
    ...(isUngated ? { isUngated } : {}),
  }
}

interface ImageWritten {
  readonly repository: string
  readonly tag?: string
  readonly digest?: string
  readonly tagFromCommit?: object
}

/** What stands in the list and may be a gate; a document that makes no sense may have anything there. */
const gatesAt = (document: unknown, pointer: string): readonly { readonly when?: string }[] =>
  Object.values(valueOf(document, pointer, []) as readonly unknown[]).filter(
    (gate) => typeof gate === 'object' && gate !== null,
  )

const valueOf = (document: unknown, pointer: string, otherwise: object): object => {
  const value = valueAt(document, pointer)
  return typeof value === 'object' && value !== null ? value : otherwise
}
