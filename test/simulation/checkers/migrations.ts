import { isFinished } from '../../../controller/core/rollout/state.ts'
import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import type { TaskState } from '../../../controller/sandbox/ecs/state.ts'
import { seeRelease, sideNames } from '../aws/view.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { storedRollouts } from './stored.ts'

/** A task of a gate, as it was asked for. */
interface Migration {
  readonly release: string
  readonly gate: string
  readonly rollout: string
}

/** I10 and I6: a gate's task runs once in a rollout and beside no other of its kind, and no version gets traffic whose task has not ended well. */
export function checkMigrations({ simulation, report }: CheckerParts): Checker {
  const { aws, machine, pairs, story } = simulation
  if (story.gates !== 'task') return {}
  const migrations = new Map<string, Migration>()
  const ended = new Map<string, TaskState>()
  const isRunning = (arn: string): boolean => {
    const task = aws.ecs.tables.tasks.get(arn)
    return task !== undefined && task.lastStatus !== 'STOPPED'
  }
  const judgeStart = (arn: string, one: Migration): void => {
    for (const [otherArn, other] of migrations) {
      if (otherArn === arn || other.release !== one.release || other.gate !== one.gate) continue
      if (other.rollout === one.rollout)
        report('I10', `${one.rollout}: the task of gate ${one.gate} was started a second time`)
      else if (isRunning(otherArn))
        report('I10', `${one.rollout}: the task of gate ${one.gate} runs beside that of ${other.rollout}`)
    }
  }
  const isDone = (rollout: string): boolean =>
    [...migrations].some(([arn, one]) => {
      const task = aws.ecs.tables.tasks.get(arn) ?? ended.get(arn)
      return one.rollout === rollout && task !== undefined && hasPassed(task)
    })
  let before: ReadonlyMap<string, number> = new Map()
  const shares = (): Map<string, number> =>
    new Map(
      pairs.flatMap((pair) => {
        const { weights } = seeRelease(aws, pair)
        return sideNames.map((side): [string, number] => [`${pair.release}/${side}`, weights?.[side] ?? 0])
      }),
    )
  const noteStart = (input: Members): void => {
    const tags = tagsIn(input['tags'])
    const [release = '', gate = '', rollout = ''] = ['release', 'gate', 'rollout'].map((name) =>
      tags.get(`steersman.dev/${name}`),
    )
    for (const { taskArn, startedBy } of aws.ecs.tables.tasks.list()) {
      if (startedBy !== input['startedBy'] || migrations.has(taskArn)) continue
      migrations.set(taskArn, { release, gate, rollout })
      judgeStart(taskArn, { release, gate, rollout })
    }
  }
  return {
    beforeCall({ who, service, writes }) {
      if (writes && who !== 'people' && service === 'elasticloadbalancing') before = shares()
      for (const arn of migrations.keys()) {
        const task = aws.ecs.tables.tasks.get(arn)
        if (task?.lastStatus === 'STOPPED') ended.set(arn, task)
      }
    },
    afterCall({ who, service, operation, writes, input }, _reply, happened) {
      if (!happened || !writes || who === 'people') return
      if (operation === 'RunTask') noteStart(input)
      if (service !== 'elasticloadbalancing') return
      const now = shares()
      for (const { release } of pairs) {
        const running = storedRollouts(machine, release).find(({ status }) => !isFinished(status))
        if (running === undefined || running.status.phase === 'RollingBack') continue
        const isGated = running.spec.gates?.some(({ task }) => task !== undefined) === true
        const key = `${release}/${running.spec.to.side}`
        if (!isGated || (now.get(key) ?? 0) <= (before.get(key) ?? 0) || isDone(running.name)) continue
        report(
          'I6',
          `${release}: traffic to ${running.spec.to.side} by ${running.name}, whose task has not ended well`,
        )
      }
    },
  }
}

const hasPassed = ({ lastStatus, stopCode, containers }: TaskState): boolean =>
  lastStatus === 'STOPPED' &&
  stopCode === 'EssentialContainerExited' &&
  containers.every(({ exitCode }) => exitCode === 0)

const tagsIn = (given: unknown): ReadonlyMap<string, string> =>
  new Map(((given ?? []) as { key: string; value: string }[]).map(({ key, value }) => [key, value]))
