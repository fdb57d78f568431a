import type { RolloutView } from '../../controller/api/client.ts'
import { eventually } from '../../test/support/eventually.ts'
import { filesOf } from './release.ts'
import type { Served } from './served.ts'
import type { Ending, Story } from './stories.ts'
import { takesTraffic } from './stories.ts'
import type { Town } from './town.ts'
import type { Side } from './witness.ts'

/** Who decided that traffic goes back: a gate, or a person. */
export type Decider = 'gate' | 'abort' | 'now' | 'pin'

/** One way back, as the load balancer saw it. */
export interface WayBack {
  readonly decider: Decider
  /**
   * Milliseconds from the decision to the accepted write. A gate decides when its last request reaches the load balancer, a person when the request is sent: to
   * the rollout, to the release, or, with a pin, to look at the commit.
   */
  readonly ms: number
  /** Writes to the production rule from then until the rollout's end. */
  readonly writes: number
  /** Calls to AWS from the decision to that write: `12 DescribeServices` came 12 ms after it. */
  readonly calls: readonly string[]
}

/** What serves before a story, and after it. */
export interface Good {
  readonly version: string
  /** The number of the rollout that brought it. */
  readonly rollout: number
}

export interface Stage {
  readonly town: Town
  readonly served: Served
}

const KEY = { environment: 'demo', release: 'web' } as const
const BRANCH = 'demo'
const PATIENCE = { withinMs: 60_000, everyMs: 20 }

/** Brings the first version, which nobody can be asked before. */
export async function playFirst(stage: Stage, story: Story): Promise<Good> {
  await push(stage, story)
  await finished(stage, { number: 1, outcome: 'Succeeded' })
  return { version: story.version, rollout: 1 }
}

/** What a story came to. */
interface Played {
  readonly good: Good
  readonly wayBack: WayBack | undefined
}

/** Plays one swap to its end; throws when it ends otherwise than it has to. */
export async function play(stage: Stage, story: Story, good: Good): Promise<Played> {
  const { town } = stage
  const live = onlySide(town)
  const idle: Side = live === 'blue' ? 'green' : 'blue'
  town.witness.setSticky(story.sticky)
  const decisions = watchWrites(stage, story, idle)
  if (story.ending === 'NeverHealthy') await town.answersAlways(story.version, 500)
  const number = await newestNumber(stage)
  await push(stage, story)
  const back = await end(stage, { story, good, number: number + 1, decisions })
  const serves = story.ending === 'Succeeds' ? idle : live
  if (onlySide(town) !== serves) throw new Error(`the ${serves} side does not have the traffic`)
  const wayBack = decisions.wayBack()
  const goesBack = story.ending !== 'Succeeds' && takesTraffic(story.ending)
  if (goesBack && wayBack === undefined) throw new Error('no way back was seen at the production rule')
  return {
    good:
      story.ending === 'Succeeds'
        ? { version: story.version, rollout: number + 1 }
        : { ...good, rollout: back.serves ?? good.rollout },
    wayBack,
  }
}

interface Telling {
  readonly story: Story
  readonly good: Good
  /** Of the rollout that brings the version. */
  readonly number: number
  readonly decisions: Decisions
}

/** Waits for the story's end and brings it about; resolves to the rollout by which the version before serves again, where there is one. */
async function end(stage: Stage, telling: Telling): Promise<{ readonly serves?: number }> {
  const { story, number } = telling
  switch (story.ending) {
    case 'FailsAtVerify':
    case 'FailsAtShift':
    case 'FailsAtBake':
    case 'NeverHealthy':
      await finished(stage, { number, outcome: 'RolledBack' })
      return {}
    case 'Succeeds':
      await finished(stage, { number, outcome: 'Succeeded' })
      return {}
    case 'Aborted':
      await abort(stage, telling)
      return {}
    case 'RolledBackNow':
      await rollBackNow(stage, telling)
      return { serves: number + 1 }
    case 'RolledBackByPin':
      await rollBackByPin(stage, telling)
      return { serves: number + 1 }
  }
}

async function abort(stage: Stage, { number, decisions }: Telling): Promise<void> {
  const held = await rolloutWhere(stage, number, 'held traffic', ({ status }) =>
    status?.phase === 'Shifting' ? status.stepStartedAt !== undefined : status?.phase === 'Baking',
  )
  decisions.decided('abort')
  await stage.town.client.abortRollout(held.metadata.name, { reason: 'the soak aborts' })
  await finished(stage, { number, outcome: 'Aborted' })
}

/** As `rollback --now` does: the traffic first, and then the pin in git, which ends the hold. */
async function rollBackNow(stage: Stage, { story, good, number, decisions }: Telling): Promise<void> {
  const { client } = stage.town
  await finished(stage, { number, outcome: 'Succeeded' })
  decisions.decided('now')
  await client.rollbackRelease(KEY, { reason: 'the soak goes back' })
  await finished(stage, { number: number + 1, outcome: 'Succeeded' })
  await push(stage, story, good)
  await eventually(
    () => client.release(KEY),
    ({ status }) => status?.held === undefined,
    { ...PATIENCE, what: 'the end of the hold' },
  )
}

async function rollBackByPin(stage: Stage, { story, good, number, decisions }: Telling): Promise<void> {
  await finished(stage, { number, outcome: 'Succeeded' })
  await push(stage, story, good, () => decisions.decided('pin'))
  await finished(stage, { number: number + 1, outcome: 'Succeeded' })
}

interface Decisions {
  /** A person decides now that the traffic goes back. */
  decided(by: Decider): void
  wayBack(): WayBack | undefined
}

const DECIDING_GATE: Partial<Record<Ending, 'Shift' | 'Bake'>> = {
  FailsAtShift: 'Shift',
  FailsAtBake: 'Bake',
}

/** Tells the judge when the rule lets the version in and when it takes it out, and times the way back. */
function watchWrites({ town: { witness }, served }: Stage, story: Story, idle: Side): Decisions {
  const { version, ending } = story
  const gate = DECIDING_GATE[ending]
  let decision: { readonly by: Decider; readonly at: number } | undefined
  let backAt: number | undefined
  let isIn = false
  if (ending !== 'Succeeds') served.watch(version)
  if (!takesTraffic(ending)) served.refuse(version, performance.now())
  witness.begin(({ at, weights }) => {
    if (weights[idle] > 0) {
      isIn = true
      served.letIn(version, at)
    } else if (isIn) {
      isIn = false
      backAt ??= at
      served.refuse(version, at)
      const askedAt = gate === undefined ? undefined : witness.lastAsked(gate)
      if (askedAt !== undefined) decision ??= { by: 'gate', at: askedAt }
    }
  })
  return {
    decided: (by) => {
      decision = { by, at: performance.now() }
    },
    wayBack() {
      if (decision === undefined || backAt === undefined) return undefined
      const { by, at: since } = decision
      const ms = backAt - since
      const writes = witness.writes.filter(({ at }) => at >= since).length
      const calls = witness.calls.filter(({ at }) => at >= since && at <= since + ms)
      return {
        decider: by,
        ms,
        writes,
        calls: calls.map(({ at, operation }) => `${Math.round(at - since)} ${operation}`),
      }
    },
  }
}

async function push(stage: Stage, story: Story, pin?: Good, onAsked?: () => void): Promise<void> {
  const { repository, client } = stage.town
  const files = filesOf(story, pin === undefined ? undefined : { rollout: pin.rollout })
  repository.commit(files, {
    branch: BRANCH,
    message: `${pin === undefined ? '' : 'Pin instead of '}${story.version}`,
  })
  onAsked?.()
  await eventually(
    () => client.reconcileEnvironment(KEY.environment),
    () => true,
    {
      ...PATIENCE,
      what: 'the environment',
    },
  )
}

async function finished(
  stage: Stage,
  { number, outcome }: { readonly number: number; readonly outcome: string },
): Promise<void> {
  const { status } = await rolloutWhere(
    stage,
    number,
    'an end',
    (rollout) => rollout.status?.finishedAt !== undefined,
  )
  if (status?.outcome !== outcome)
    throw new Error(`rollout ${number} ended as ${status?.outcome} (${status?.reason}), not as ${outcome}`)
}

function rolloutWhere(
  { town }: Stage,
  number: number,
  what: string,
  holds: (rollout: RolloutView) => boolean,
): Promise<RolloutView> {
  return eventually(() => town.client.rollout(`${KEY.environment}-${KEY.release}-${number}`), holds, {
    ...PATIENCE,
    what: `${what} of rollout ${number}`,
  })
}

async function newestNumber({ town }: Stage): Promise<number> {
  const { items } = await town.client.rollouts({ ...KEY, limit: 1 })
  return items[0]?.spec.number ?? 0
}

/** The side that has all the traffic. */
function onlySide({ witness }: Town): Side {
  const { blue, green } = witness.weights()
  if (blue > 0 === green > 0) throw new Error(`the traffic is divided: blue ${blue}, green ${green}`)
  return blue > 0 ? 'blue' : 'green'
}
