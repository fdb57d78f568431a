import { diffRelease } from '../diff.ts'
import type { RuleName } from '../diff.ts'
import type { RuleFacts, Side } from '../observation.ts'
import { onlyTo, targetGroupWeights } from '../rollout/traffic.ts'
import type { PlanInput } from './decision.ts'

type Input = Pick<PlanInput, 'desired' | 'observation'>

/** Whether all that keeps a rule from sending its requests to the side alone is left to others. */
export function leavesRule(
  { desired, observation }: Input,
  { rule, name, to }: { readonly rule: RuleFacts; readonly name: RuleName | undefined; readonly to: Side },
): boolean {
  const { ignore } = desired.spec
  if (ignore === undefined || name === undefined) return false
  const weights = targetGroupWeights(observation, onlyTo(to))
  const moved = (given?: readonly string[]): number =>
    diffRelease(
      { rules: [{ rule: name, weights, actions: desired.actions }], ignore: given },
      { rules: [rule] },
    ).filter(({ owner }) => owner === 'Steersman').length
  return moved() > 0 && moved(ignore) === 0
}

/** How the release names the production rule of that place in the observation. */
export function productionName({ desired }: Input, index: number): RuleName | undefined {
  const { rule, rules } = desired.spec.traffic ?? {}
  return rules?.[index] ?? rule
}
