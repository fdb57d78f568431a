import { isFinished } from '../../../controller/core/rollout/state.ts'
import { parseDurationMs } from '../../../controller/resources/duration.ts'
import type { RolloutSpec } from '../../../controller/resources/types.ts'
import type { SideName } from '../aws/names.ts'
import type { Pair } from '../aws/shape.ts'
import { healthyTargets, ruleWeights, seeRelease } from '../aws/view.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import type { StoredRollout } from './stored.ts'
import { storedRollouts } from './stored.ts'

/** What a rollout has done of its steps. */
interface Progress {
  /** The step that was written last, from 0. */
  step: number
  /** For each rule: since when it stands at the step, in virtual milliseconds. */
  readonly since: Map<string, number>
}

/** The steps of a shift: weights only as the strategy has them, in their order, each for its time at least; the time counts by the true moments of the writes. */
export function checkSteps({ simulation, checkers, report }: CheckerParts): Checker {
  const { aws, pairs, machine, story, time } = simulation
  const hasLateWrites = story.happenings.some(
    ({ kind }) => kind === 'late writes' || kind === 'a move held up',
  )
  const progress = new Map<string, Progress>()
  return {
    afterCall(call, _reply, happened) {
      if (!happened || call.who === 'people' || call.service !== 'elasticloadbalancing' || !call.writes)
        return
      const rule = String(call.input['ListenerArn'] ?? call.input['RuleArn'])
      const pair = pairs.find(({ production }) => production.includes(rule))
      if (pair === undefined) return
      const rollout = storedRollouts(machine, pair.release).find(({ status }) => !isFinished(status))
      const side = rollout?.spec.to.side
      if (rollout?.status.phase !== 'Shifting' || side === undefined) return
      const percent = percentOf(ruleWeights(aws, pair, rule), side)
      const known = progress.get(rollout.name) ?? { step: -1, since: new Map<string, number>() }
      progress.set(rollout.name, known)
      // What got no answer may come long after what was sent later, and is put right then.
      if (hasLateWrites && isBack(rollout, known, percent)) return
      const isExcused = checkers.excuses.isHealing(pair.release) || hasNoOrigin(pair, rollout)
      const wrong = judge({ rollout, known, percent, rules: pair.production.length })
      if (wrong !== undefined && !isExcused)
        report('steps', `${call.operation} by ${call.who}: ${rollout.name} ${wrong}`)
      note({ rollout, known, percent, rule })
    },
  }

  function isBack({ spec }: StoredRollout, known: Progress, percent: number): boolean {
    return percent < (stepsOf(spec)[Math.max(0, known.step)]?.percent ?? 0)
  }

  /** Where the old side serves nobody there is nobody to carry the rest. */
  function hasNoOrigin(pair: Pair, { spec }: StoredRollout): boolean {
    const origin = seeRelease(aws, pair).sides[spec.to.side === 'blue' ? 'green' : 'blue']
    return healthyTargets(origin).length === 0
  }

  function judge({
    rollout,
    known,
    percent,
    rules,
  }: {
    readonly rollout: StoredRollout
    readonly known: Progress
    readonly percent: number
    readonly rules: number
  }): string | undefined {
    const all = stepsOf(rollout.spec)
    const step = all.findIndex((one) => one.percent === percent)
    const given = `gives ${percent} % to the new version`
    if (step < 0) return `${given}, which is no step of ${all.map((one) => one.percent).join(', ')}`
    if (step < known.step) return `${given} after ${all[known.step]?.percent ?? 0} %`
    if (step > known.step + 1) return `${given} right after ${all[known.step]?.percent ?? 0} %`
    if (step === known.step || known.step < 0) return undefined
    const holdMs = all[known.step]?.holdMs ?? 0
    const heldMs = known.since.size < rules ? 0 : time.elapsed() - Math.max(...known.since.values())
    return heldMs < holdMs
      ? `${given} after ${heldMs} ms of the step before, which lasts ${holdMs} ms`
      : undefined
  }

  function note({
    rollout,
    known,
    percent,
    rule,
  }: {
    readonly rollout: StoredRollout
    readonly known: Progress
    readonly percent: number
    readonly rule: string
  }): void {
    const step = stepsOf(rollout.spec).findIndex((one) => one.percent === percent)
    if (step < 0) return
    if (step !== known.step) known.since.clear()
    known.step = step
    if (!known.since.has(rule)) known.since.set(rule, time.elapsed())
  }
}

const percentOf = (weights: Readonly<Record<SideName, number>> | undefined, side: SideName): number =>
  weights === undefined ? 0 : (100 * weights[side]) / (weights.blue + weights.green)

/** Read from the strategy once more, apart from the controller's own reading. */
function stepsOf({
  strategy,
}: RolloutSpec): readonly { readonly percent: number; readonly holdMs: number }[] {
  const end = { percent: 100, holdMs: 0 }
  const lasting = (text: string | undefined): number => parseDurationMs(text ?? '0s') ?? 0
  if (strategy.type === 'Canary')
    return [
      ...(strategy.steps ?? []).map((step) => ({ percent: step.weight, holdMs: lasting(step.for) })),
      end,
    ]
  if (strategy.type !== 'Linear') return [end]
  const steps = []
  for (let percent = strategy.by ?? 100; percent < 100; percent += strategy.by ?? 100)
    steps.push({ percent, holdMs: lasting(strategy.every) })
  return [...steps, end]
}
