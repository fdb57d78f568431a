import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import type { AwsCall } from '../aws/simulated-aws.ts'
import type { Pair, SideName } from '../aws/shape.ts'
import { serviceName } from '../aws/shape.ts'
import type { SeenRelease, SeenSide } from '../aws/view.ts'
import { healthyTargets, seeRelease, sideNames } from '../aws/view.ts'
import { isUnfit } from '../scenarios/version.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './checkers.ts'

/** I1, I2, I3 and I11: what each write of a controller does, judged on the world as it truly is at that moment. */
export function checkWrites({ simulation, checkers, report }: CheckerParts): Checker {
  const { aws, pairs } = simulation
  /** The world right before the call under way. */
  let before: ReadonlyMap<Pair, SeenRelease> = new Map()
  return {
    beforeCall(call) {
      if (isOurs(call)) before = new Map(pairs.map((pair) => [pair, seeRelease(aws, pair)]))
    },
    afterCall(call, _reply, happened) {
      if (!isOurs(call) || !happened) return
      for (const [pair, seen] of before) {
        const name = `${call.operation} by ${call.who}`
        if (isWeightsWrite(call))
          for (const [promise, message] of judgeWeights({ pair, seen, now: seeRelease(aws, pair), call }))
            if (!checkers.isExcused || promise === 'I2') report(promise, `${name}: ${message}`)
        if (call.service === 'ecs' && !checkers.isExcused)
          for (const message of judgeService({
            pair,
            seen,
            input: call.input,
            desiredCount: simulation.story.desiredCount,
          }))
            report('I3', `${name}: ${message}`)
      }
    },
  }
}

const isOurs = (call: AwsCall): boolean => call.writes && call.who !== 'people'
const isWeightsWrite = ({ operation }: AwsCall): boolean =>
  operation === 'ModifyListener' || operation === 'ModifyRule'

function* judgeWeights({
  pair,
  seen,
  now,
  call,
}: {
  readonly pair: Pair
  readonly seen: SeenRelease
  readonly now: SeenRelease
  readonly call: AwsCall
}): Generator<readonly [promise: string, message: string]> {
  const { ListenerArn } = call.input
  if (ListenerArn === pair.test && now.testWeights === undefined)
    yield ['I2', `the test rule of ${pair.release} lost its forward action`]
  if (ListenerArn !== pair.production) return
  if (now.weights === undefined || now.weights.blue + now.weights.green <= 0) {
    yield ['I2', `the rule of ${pair.release} forwards to nobody`]
    return
  }
  for (const side of sideNames) {
    if (now.weights[side] <= 0 || now.weights[side] <= (seen.weights?.[side] ?? 0)) continue
    const other = side === 'blue' ? 'green' : 'blue'
    yield* judgeSide({ release: pair.release, side, now: now.sides[side], other: now.sides[other] })
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
}): Generator<readonly [promise: string, message: string]> {
  const healthy = healthyTargets(now)
  if (healthy.length === 0 && healthyTargets(other).length > 0)
    yield ['I1', `traffic to the ${side} side of ${release}, which has no healthy target`]
  const unfit = healthy.find(({ version }) => version !== undefined && isUnfit(version))
  if (unfit !== undefined) yield ['I1', `traffic to ${unfit.version ?? ''} on the ${side} side of ${release}`]
  const standing = now.targets.filter(({ state }) => state !== 'draining')
  const revisions = new Set(standing.map(({ taskDefinition }) => taskDefinition ?? 'none'))
  if (revisions.size > 1)
    yield [
      'I11',
      `traffic to the ${side} side of ${release}, which has targets of ${[...revisions].join(' and ')}`,
    ]
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
