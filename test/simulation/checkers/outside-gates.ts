import { isFinished } from '../../../controller/core/rollout/state.ts'
import type { Gate } from '../../../controller/resources/types.ts'
import { healthyTargets, seeRelease, sideNames } from '../aws/view.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { storedRollouts } from './stored.ts'

/** I6: no version gets traffic by a rollout before whoever its gates ask has answered well. */
export function checkOutsideGates({ simulation, report }: CheckerParts): Checker {
  const { aws, machine, pairs, story } = simulation
  if (story.gates !== 'outside') return {}
  /** By version, how many requests it answered well before it had traffic. */
  const warmed = new Map<string, number>()
  aws.gates.warmed = (version) => void warmed.set(version, (warmed.get(version) ?? 0) + 1)
  /** Questions of hooks that were answered with SUCCEEDED, by the rollout and its gate. */
  const agreed = new Set<string>()
  aws.gates.hookAnswered = (executionId, answer) => {
    if (answer === 'SUCCEEDED') agreed.add(executionId)
  }
  const missing = (rollout: string, gates: readonly Gate[], version: string): string[] =>
    gates.flatMap(({ name, warming, lambda, script, webhook }) => {
      const isAsked = (lambda ?? script ?? webhook) !== undefined
      if (isAsked && !agreed.has(`${rollout}/${name}`)) return [`gate ${name}: nobody has said SUCCEEDED`]
      const answered = warmed.get(version) ?? 0
      return warming === undefined || answered >= warming.requests
        ? []
        : [`gate ${name}: ${answered} of ${warming.requests} requests were answered`]
    })
  let before: ReadonlyMap<string, number> = new Map()
  const shares = (): Map<string, number> =>
    new Map(
      pairs.flatMap((pair) => {
        const { weights } = seeRelease(aws, pair)
        return sideNames.map((side): [string, number] => [`${pair.release}/${side}`, weights?.[side] ?? 0])
      }),
    )
  return {
    beforeCall({ who, service, writes }) {
      if (writes && who !== 'people' && service === 'elasticloadbalancing') before = shares()
    },
    afterCall({ who, service, writes }, _reply, happened) {
      if (!happened || !writes || who === 'people' || service !== 'elasticloadbalancing') return
      const now = shares()
      for (const pair of pairs) {
        const running = storedRollouts(machine, pair.release).find(({ status }) => !isFinished(status))
        if (running === undefined || running.status.phase === 'RollingBack') continue
        const { side } = running.spec.to
        if (side === undefined) continue
        const key = `${pair.release}/${side}`
        if ((now.get(key) ?? 0) <= (before.get(key) ?? 0)) continue
        const [{ version } = { version: undefined }] = healthyTargets(seeRelease(aws, pair).sides[side])
        for (const what of version === undefined
          ? []
          : missing(running.name, running.spec.gates ?? [], version))
          report('I6', `${pair.release}: traffic to ${version} by ${running.name}, but ${what}`)
      }
    },
  }
}
