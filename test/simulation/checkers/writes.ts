import { isFinished } from '../../../controller/core/rollout/state.ts'
import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import type { AwsCall } from '../aws/simulated-aws.ts'
import type { Pair } from '../aws/shape.ts'
import type { SideName } from '../aws/names.ts'
import { serviceName } from '../aws/shape.ts'
import type { SeenRelease, SeenSide } from '../aws/view.ts'
import { healthyTargets, seeRelease, sideNames } from '../aws/view.ts'
import type { Simulation } from '../run/simulation.ts'
import { isUnfit } from '../scenarios/version.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import type { StoredRollout } from './stored.ts'
import { storedRollouts } from './stored.ts'
import { isAdopted, isAnySideVerified } from './verified.ts'

/** The only writes that Steersman has. */
const WRITES: ReadonlySet<string> = new Set([
  'RegisterTaskDefinition',
  'CreateService',
  'UpdateService',
  'TagResource',
  'UntagResource',
  'RunTask',
  'StopTask',
  'ModifyListener',
  'ModifyRule',
  'RegisterScalableTarget',
  'UpdateSchedule',
  'ContinueServiceDeployment',
  'StopServiceDeployment',
  'CreateDeployment',
  'ContinueDeployment',
  'StopDeployment',
])

/** I1, I2, I3 and I11: what each write of a controller does, judged on the world as it truly is at that moment. */
export function checkWrites({ simulation, checkers, report }: CheckerParts): Checker {
  const { aws, pairs, branch, story, machine } = simulation
  const { excuses } = checkers
  /** The world right before the call under way. */
  let before: ReadonlyMap<Pair, SeenRelease> = new Map()
  let rest = ''
  /** A rule is given back to a side that people gave traffic to, and no version was ever verified that could have it instead. */
  const isAsGiven = ({ release }: Pair, seen: SeenRelease, side: SideName | undefined): boolean =>
    side !== undefined &&
    (seen.weights?.[side] ?? 0) > 0 &&
    excuses.wasStruck(release) &&
    !isAnySideVerified(machine, release, seen)
  const isExcused = ({ promise, side, ...what }: Judged, pair: Pair, seen: SeenRelease): boolean => {
    const struckAt = what.isOfBoth === true ? undefined : side
    if (promise !== 'I2' && excuses.mayBeUnknown(pair.release, struckAt)) return true
    const mayBeGiven = what.isUnfit === true || (what.isOfPeople === true && isAlone(seen, side))
    return mayBeGiven && isAsGiven(pair, seen, side)
  }
  return {
    beforeCall(call) {
      if (!isOurs(call)) return
      before = new Map(pairs.map((pair) => [pair, seeRelease(aws, pair)]))
      rest = isWeightsWrite(call) ? restOfRule(simulation, call) : ''
    },
    afterCall(call, _reply, happened) {
      if (!isOurs(call) || !happened) return
      const name = `${call.operation} by ${call.who}`
      if (!WRITES.has(call.operation)) report('I2', `${name} is no write of Steersman's`)
      if (isWeightsWrite(call)) {
        if (!pairs.some((pair) => isNamed(pair, call))) report('I2', `${name}: no release names that rule`)
        // A rule is written whole: what somebody changes between our look and our write is lost.
        const mayBeUnseen = pairs.some((pair) => isNamed(pair, call) && excuses.mayBeUnknown(pair.release))
        if (restOfRule(simulation, call) !== rest && !mayBeUnseen)
          report('I2', `${name}: another action of the rule has changed`)
      }
      for (const [pair, seen] of before) {
        const { release } = pair
        if (isWeightsWrite(call))
          for (const judged of judgeWeights({
            pair,
            seen,
            now: seeRelease(aws, pair),
            written: seeRelease(aws, { ...pair, production: [writtenRule(call)] }).weights,
            call,
            rollouts: storedRollouts(machine, release),
            isVerified: (taskDefinition) => isAdopted(story, release, taskDefinition),
          })) {
            if (!isExcused(judged, pair, seen)) report(judged.promise, `${name}: ${judged.message}`)
          }
        if (call.service === 'ecs' && !excuses.mayBeUnknown(release)) {
          const counts = branch.heads.flatMap(
            (head) => branch.saidBy(head).releases.get(release)?.desiredCount ?? [],
          )
          const desiredCount = story.scaling === undefined ? Math.min(story.desiredCount, ...counts) : 0
          for (const message of judgeService({ pair, seen, input: call.input, desiredCount }))
            report('I3', `${name}: ${message}`)
        }
      }
    },
  }
}

/** Whether the other side serves nobody: whatever part of the traffic it has is lost. */
const isAlone = ({ sides }: SeenRelease, side: SideName | undefined): boolean =>
  side !== undefined && healthyTargets(sides[side === 'blue' ? 'green' : 'blue']).length === 0

const isNamed = ({ production, test }: Pair, call: AwsCall): boolean =>
  [...production, test].includes(writtenRule(call))

/** The rule that is written; the listener, where it is the default one. */
const writtenRule = ({ input }: AwsCall): string => String(input['ListenerArn'] ?? input['RuleArn'])

/** All of the written listener or rule but where it forwards to. */
function restOfRule({ aws: { world } }: Simulation, { input }: AwsCall): string {
  const { listeners, rules } = world.elb.tables
  const listener = listeners.get(String(input['ListenerArn']))
  if (listener !== undefined) {
    const { defaultActions, ...more } = listener
    return JSON.stringify([more, defaultActions.filter(({ Type }) => Type !== 'forward')])
  }
  const rule = rules.get(String(input['RuleArn']))
  if (rule === undefined) return ''
  const { actions, ...more } = rule
  return JSON.stringify([more, actions.filter(({ Type }) => Type !== 'forward')])
}

const isOurs = (call: AwsCall): boolean => call.writes && call.who !== 'people'
const isWeightsWrite = ({ operation }: AwsCall): boolean =>
  operation === 'ModifyListener' || operation === 'ModifyRule'

interface Judged {
  readonly promise: string
  readonly message: string
  /** Whose it is; undefined for the rule as a whole. */
  readonly side?: SideName
  /** Whether it is about the other side too, which may have come back by itself since it was read. */
  readonly isOfBoth?: true
  /** Whether the version itself is what is wrong. */
  readonly isUnfit?: true
  /** Whether what is wrong may be that people brought another version there. */
  readonly isOfPeople?: true
}

/** Whether a revision that no rollout knows was verified all the same. */
type IsVerified = (taskDefinition: string | undefined) => boolean

function* judgeWeights({
  pair,
  seen,
  now,
  written,
  call,
  rollouts,
  isVerified,
}: {
  readonly rollouts: readonly StoredRollout[]
  readonly isVerified: IsVerified
  readonly pair: Pair
  readonly seen: SeenRelease
  readonly now: SeenRelease
  /** What the written rule alone gives to each side: another one may forward to nobody by somebody's hand. */
  readonly written: SeenRelease['weights']
  readonly call: AwsCall
}): Generator<Judged> {
  const rule = writtenRule(call)
  if (rule === pair.test && now.testWeights === undefined)
    yield { promise: 'I2', message: `the test rule of ${pair.release} lost its forward action` }
  if (!pair.production.includes(rule)) return
  if (written === undefined || written.blue + written.green <= 0) {
    yield { promise: 'I2', message: `the rule of ${pair.release} forwards to nobody` }
    return
  }
  const weights = now.weights ?? written
  for (const side of sideNames) {
    if (weights[side] <= 0 || weights[side] <= (seen.weights?.[side] ?? 0)) continue
    const other = side === 'blue' ? 'green' : 'blue'
    yield* judgeSide({ release: pair.release, side, now: now.sides[side], other: now.sides[other] })
    yield* judgeRollout({ release: pair.release, side, now: now.sides[side], rollouts, isVerified })
  }
}

function* judgeSide({
  release,
  side,
  now,
  other,
}: {
  readonly release: string
  readonly side: SideName
  readonly now: SeenSide
  readonly other: SeenSide
}): Generator<Judged> {
  const healthy = healthyTargets(now)
  if (healthy.length === 0 && healthyTargets(other).length > 0)
    yield {
      promise: 'I1',
      side,
      isOfBoth: true,
      message: `traffic to the ${side} side of ${release}, which has no healthy target`,
    }
  const unfit = healthy.find(({ version }) => version !== undefined && isUnfit(version))
  if (unfit !== undefined)
    yield {
      promise: 'I1',
      side,
      isUnfit: true,
      message: `traffic to ${unfit.version ?? ''} on the ${side} side of ${release}`,
    }
  const standing = now.targets.filter(({ state }) => state !== 'draining')
  const revisions = new Set(standing.map(({ taskDefinition }) => taskDefinition ?? 'none'))
  if (revisions.size > 1)
    yield {
      promise: 'I11',
      side,
      isOfPeople: true,
      message: `traffic to the ${side} side of ${release}, which has targets of ${[...revisions].join(' and ')}`,
    }
}

/** A side gets traffic only where all that stands there was brought by rollouts, and by its own rollout once all of it is there. */
function* judgeRollout({
  release,
  side,
  now,
  rollouts,
  isVerified,
}: {
  readonly release: string
  readonly side: SideName
  readonly now: SeenSide
  readonly rollouts: readonly StoredRollout[]
  readonly isVerified: IsVerified
}): Generator<Judged> {
  const known = new Set(rollouts.flatMap(({ spec }) => [spec.taskDefinition, spec.from.taskDefinition]))
  const foreign = now.targets.find(
    ({ state, taskDefinition }) =>
      state === 'healthy' && !known.has(taskDefinition) && !isVerified(taskDefinition),
  )
  if (foreign !== undefined && rollouts.length > 0)
    yield {
      promise: 'I11',
      side,
      isOfPeople: true,
      message: `traffic to the ${side} side of ${release}, where ${foreign.taskDefinition ?? 'nothing'} was brought by nobody`,
    }
  const running = rollouts.find(({ status }) => !isFinished(status))
  if (running?.status.phase !== 'Shifting' || running.spec.to.side !== side) return
  const healthy = healthyTargets(now).length
  const wanted = running.spec.desiredCount ?? 0
  if (healthy < wanted)
    yield {
      promise: 'I1',
      side,
      message: `${running.name} gives traffic to ${healthy} healthy targets of ${wanted} on the ${side} side`,
    }
}

/** A side with production weight is never scaled below what is wanted, re-pointed or deleted. */
function* judgeService({
  pair,
  seen,
  input,
  desiredCount,
}: {
  readonly pair: Pair
  readonly seen: SeenRelease
  readonly input: Members
  readonly desiredCount: number
}): Generator<string> {
  for (const side of sideNames) {
    if (input['service'] !== serviceName(pair, side)) continue
    if ((seen.weights?.[side] ?? 0) <= 0) continue
    const was = seen.sides[side]
    if (
      typeof input['desiredCount'] === 'number' &&
      input['desiredCount'] < Math.min(desiredCount, was.desiredCount)
    )
      yield `the ${side} side of ${pair.release} takes traffic and is scaled from ${was.desiredCount} to ${input['desiredCount']}`
    const { taskDefinition } = input
    if (typeof taskDefinition === 'string' && taskDefinition !== was.taskDefinition)
      yield `the ${side} side of ${pair.release} takes traffic and gets ${taskDefinition}`
  }
}
