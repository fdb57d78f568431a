import { isFinished } from '../../../controller/core/rollout/state.ts'
import type { Checker } from './checker.ts'
import type { AwsCall } from '../aws/simulated-aws.ts'
import { hasLateWrites } from './late.ts'
import type { CheckerParts } from './parts.ts'
import type { StoredRollout } from './stored.ts'
import { storedRollouts } from './stored.ts'

/**
 * What is promised of a release whose traffic ECS moves: it is let go on only by a running rollout, to a version that has answered its gate well (I6), once from each
 * pause (I10), and never while its rollout goes back (I5).
 */
export function checkNative({ simulation, report }: CheckerParts): Checker {
  const { aws, machine, story } = simulation
  if (story.strategy !== 'native') return {}
  const answered = new Set<string>()
  const rolloutOf = (deployment: string): StoredRollout | undefined =>
    story.releases
      .flatMap((release) => storedRollouts(machine, release))
      .find(({ status }) => status.serviceDeployment === deployment && !isFinished(status))
  const isLate = hasLateWrites(story)
  const isOurs = ({ who, operation }: AwsCall): boolean =>
    who !== 'people' && operation === 'ContinueServiceDeployment'
  const judge = ({ who, operation, input }: AwsCall): void => {
    const { serviceDeploymentArn } = input as Readonly<Record<string, string>>
    const rollout = rolloutOf(serviceDeploymentArn ?? '')
    const name = `${operation} by ${who}`
    if (rollout === undefined) return report('I4', `${name}: no running rollout has begun the deployment`)
    const { phase } = rollout.status
    if (phase !== 'Shifting' && phase !== 'Baking')
      report('I5', `${name}: ${rollout.name} is ${phase ?? 'Pending'}`)
    const version = rollout.spec.image?.tag ?? ''
    if (!aws.gates.passed.has(version))
      report('I6', `${name}: ${version} of ${rollout.name} has not answered its gate`)
  }
  return {
    beforeCall(call) {
      if (isOurs(call) && !isLate) judge(call)
    },
    afterCall(call, _reply, happened) {
      if (!isOurs(call) || !happened) return
      const { who, operation, input } = call
      // One that comes when all is over is refused by ECS.
      if (isLate) judge(call)
      const hook = String(input['hookId'])
      // Asked once more where no reading shows yet what was answered, ECS refuses, and nothing happens.
      if (answered.has(hook)) report('I10', `${operation} by ${who}: the pause ${hook} was ended twice`)
      answered.add(hook)
    },
  }
}
