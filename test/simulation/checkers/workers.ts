import { isFinished } from '../../../controller/core/rollout/state.ts'
import { seeWorker, workersOf } from '../aws/workers.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import type { StoredRollout } from './stored.ts'
import { storedReleases, storedRollouts } from './stored.ts'

/**
 * What is promised of a release that is one service: it is never emptied (I3), it is given what a rollout brings or goes back to and nothing else (I11), it is
 * written to at most once for each of both while nobody else touches it (I10), and success is that the version truly runs (I5).
 */
export function checkWorkers(parts: CheckerParts): Checker {
  const { simulation, checkers, report } = parts
  const workers = new Set(workersOf(simulation))
  if (workers.size === 0) return {}
  const { machine, aws, story, branch } = simulation
  const { excuses } = checkers
  /** Revisions that each rollout asked ECS for, by name. */
  const given = new Map<string, string[]>()
  const unanswered = new Set<string>()
  const isQuiet = story.happenings.every(({ kind }) => kind === 'push' || kind === 'once it serves')
  const leastCount = (release: string): number =>
    Math.min(
      story.desiredCount,
      ...branch.heads.flatMap((head) => branch.saidBy(head).releases.get(release)?.desiredCount ?? []),
    )
  const judgeCount = (release: string, desiredCount: unknown): string | undefined => {
    const { originCount = Infinity } = storedRollouts(machine, release).at(-1)?.status ?? {}
    const least = Math.min(leastCount(release), originCount)
    const isFewer = typeof desiredCount === 'number' && desiredCount < least
    return isFewer ? `${release} is scaled to ${desiredCount} tasks` : undefined
  }
  const judgeGiven = (release: string, name: string, taskDefinition: string): void => {
    const rollouts = storedRollouts(machine, release)
    const rollout = rollouts.find(({ status }) => !isFinished(status))
    // What was sent before the way back began, or before the end, may come in after it.
    const isLate = excuses.mayBeOnItsWay((rollout ?? rollouts.at(-1))?.status.phaseStartedAt ?? '')
    for (const message of isLate ? [] : judgeRevision(rollout, taskDefinition))
      report('I11', `${name}: ${message}`)
    if (rollout === undefined) return
    const isReturning = rollout.status.phase === 'RollingBack'
    // What ECS said of a service is gone with it: one that somebody deleted is made anew, and tried; so it is where somebody gave it something else.
    const isAnew = name.startsWith('CreateService')
    const isUnclear =
      isReturning || isAnew || unanswered.has(rollout.name) || isOfOthers(parts, rollout, release)
    if (!isUnclear && wasGivenUp(parts, rollout, taskDefinition))
      report('I8', `${name}: ${rollout.name} gives ${release} once more what ECS gave up`)
    const before = given.get(rollout.name) ?? []
    given.set(rollout.name, [...before, taskDefinition])
    if (isQuiet && before.includes(taskDefinition) && rollout.spec.from.taskDefinition !== taskDefinition)
      report('I10', `${name}: ${rollout.name} gives ${release} ${taskDefinition} once more`)
  }
  return {
    beforeCall(call) {
      const release = String(call.input['service'] ?? call.input['serviceName'])
      if (!call.writes || call.who === 'people' || !workers.has(release)) return
      const name = `${call.operation} by ${call.who}`
      const { desiredCount, taskDefinition } = call.input
      const wrongCount = judgeCount(release, desiredCount)
      if (wrongCount !== undefined) report('I3', `${name}: ${wrongCount}`)
      const writes = Object.keys(storedReleases(machine).get(release)?.writes ?? {})
      if (!writes.some((known) => known.startsWith('service/only')))
        report('I10', `${name}: the store knows of no write to ${release}`)
      if (typeof taskDefinition === 'string') judgeGiven(release, name, taskDefinition)
    },
    afterCall(call, reply) {
      const release = String(call.input['service'] ?? call.input['serviceName'])
      if (!call.writes || call.who === 'people' || !workers.has(release)) return
      const rollout = storedRollouts(machine, release).find(({ status }) => !isFinished(status))
      // Who got no answer can't know that ECS took the version, and gave it up long before the next look.
      if (rollout !== undefined && reply.delivery !== 'sent') unanswered.add(rollout.name)
    },
    told(event) {
      if (event.type !== 'RolloutFinished' || event.outcome !== 'Succeeded') return
      if (!workers.has(event.release) || excuses.mayBeUnswept(event.release)) return
      const rollout = storedRollouts(machine, event.release).find(({ name }) => name === event.rollout)
      const { taskDefinition, targets, desiredCount } = seeWorker(aws, event.release)
      const running = targets.filter((task) => task.taskDefinition === rollout?.spec.taskDefinition).length
      if (taskDefinition !== rollout?.spec.taskDefinition)
        report(
          'I5',
          `${event.rollout} succeeded, and ${event.release} is ${taskDefinition ?? 'gone'} (${stateOf(parts, event.release)})`,
        )
      else if (running < desiredCount && !isRestless(rollout))
        report('I5', `${event.rollout} succeeded with ${running} of ${desiredCount} tasks`)
    },
  }
}

/** Whether ECS's circuit breaker ended a deployment of the revision since the rollout began. */
function wasGivenUp(
  { simulation }: CheckerParts,
  { status }: StoredRollout,
  taskDefinition: string,
): boolean {
  const { serviceDeployments, serviceRevisions } = simulation.aws.ecs.tables
  return serviceDeployments
    .list()
    .some(
      ({ circuitBreaker, targetRevisionArn, createdAt }) =>
        circuitBreaker === 'TRIGGERED' &&
        createdAt >= Date.parse(status.startedAt ?? '') &&
        serviceRevisions.get(targetRevisionArn)?.taskDefinition === taskDefinition,
    )
}

/** Whether the service runs what neither the rollout nor the one before it brought. */
function isOfOthers({ simulation }: CheckerParts, { spec }: StoredRollout, release: string): boolean {
  const { services } = simulation.aws.ecs.tables
  const now = services.list().find(({ serviceName }) => serviceName === release)?.taskDefinition
  return now !== undefined && ![spec.taskDefinition, spec.from.taskDefinition].includes(now)
}

/** Tasks of such a version end by themselves, also right after the bake. */
const isRestless = (rollout: StoredRollout | undefined): boolean =>
  rollout?.spec.image?.tag?.endsWith('crashes-later') === true

function* judgeRevision(rollout: StoredRollout | undefined, taskDefinition: string): Iterable<string> {
  if (rollout === undefined) yield `no rollout brings ${taskDefinition}`
  else if (![rollout.spec.taskDefinition, rollout.spec.from.taskDefinition].includes(taskDefinition))
    yield `${rollout.name} neither brings nor goes back to ${taskDefinition}`
  else if (rollout.status.phase === 'RollingBack' && rollout.spec.from.taskDefinition !== taskDefinition)
    yield `${rollout.name} goes back, and gives ${taskDefinition} once more`
}

function stateOf({ simulation }: CheckerParts, release: string): string {
  const service = simulation.aws.ecs.tables.services
    .list()
    .find(({ serviceName }: { readonly serviceName: string }) => serviceName === release)
  return `ECS says ${service?.deployments[0]?.rolloutState ?? 'nothing'}`
}
