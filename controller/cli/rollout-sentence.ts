import type { RolloutView } from '../api/client.ts'
import { durationMs } from '../resources/duration.ts'
import { versionOf } from './rows/rollouts.ts'

/** A rollout that runs, for people. */
export interface RolloutSentence {
  /** What it does or waits for, and until when. */
  readonly text: string
  /** What a person may do about it. */
  readonly next: string
}

type Phase = NonNullable<NonNullable<RolloutView['status']>['phase']>

export function sentenceOf(rollout: RolloutView): RolloutSentence {
  const { phase = 'Pending', step, steps, message } = rollout.status ?? {}
  const isTold = message?.startsWith('step ') ?? false
  const progress =
    phase === 'Shifting' && steps !== undefined && !isTold ? ` step ${step ?? 0} of ${steps}` : ''
  const why = message === undefined ? '' : `: ${message}`
  const until = untilOf(rollout).map((end) => `; ${end}`)
  return {
    text: `${rollout.metadata.name} brings ${versionOf(rollout)}, ${phase}${progress}${why}${until.join('')}`,
    next: nextOf(rollout),
  }
}

/** When what it waits for is over, where the message does not say it. While a person is asked, or nothing is written, no deadline runs. */
function untilOf({ spec, status = {} }: RolloutView): readonly string[] {
  const { phase = 'Pending', awaiting, suspendedSince, deadlineAt, phaseStartedAt, message = '' } = status
  if (suspendedSince !== undefined) return [`it stands still since ${suspendedSince}`]
  if (awaiting !== undefined) {
    const { until } = awaiting
    return until === undefined || message.includes(until) ? [] : [`it is asked until ${until}`]
  }
  const { bake, deadline } = spec.strategy
  if (phase === 'RollingBack') {
    const end = later(phaseStartedAt, deadline)
    return end === undefined || message.includes(end) ? [] : [`the way back is given up at ${end}`]
  }
  const baked = phase === 'Baking' ? later(phaseStartedAt, bake) : undefined
  return [
    ...(baked === undefined || message.includes(baked) ? [] : [`the bake ends at ${baked}`]),
    ...(deadlineAt === undefined ? [] : [`goes back at ${deadlineAt} if it is not done`]),
  ]
}

/** A moment, RFC 3339, so much later; undefined where one of both is not known. */
const later = (at: string | undefined, duration: string | undefined): string | undefined =>
  at === undefined || duration === undefined
    ? undefined
    : new Date(Date.parse(at) + durationMs(duration)).toISOString()

/** What mends a wait that does not end by itself. */
const BY_REASON: Readonly<Record<string, string>> = {
  Suspended: '`steersman resume ENVIRONMENT` ends a pause; spec.suspend of the Environment a suspension',
  CapacityUnavailable: 'make room in the cluster, or `steersman abort RELEASE`',
  ServiceDraining: 'wait until ECS has drained the service that is being deleted',
  RuleMissing: 'make the production rule again, or correct spec.traffic of the release',
  TestRuleMissing: 'make the test listener or rule again, or correct spec.traffic.test of the release',
  TrafficOnTarget: 'see what keeps the other side from being healthy, or give it the traffic by hand',
  OriginNotReady: 'see what keeps the earlier version from being healthy: its tasks and their logs',
  GroupNotReady: 'see what the other member waits for; `steersman abort RELEASE` takes the whole group back',
  GroupApart: 'see what the other member waits for; `steersman abort RELEASE` takes the whole group back',
  Preflight: 'see what the side lacks: its tasks and their logs; `steersman abort RELEASE` goes back now',
  Unsteady: 'see what the side lacks: its tasks and their logs; `steersman abort RELEASE` goes back now',
}

const BY_PHASE: Readonly<Record<Phase, string>> = {
  Pending: '`steersman abort RELEASE` ends it before anything is changed',
  Provisioning: 'nothing, or `steersman abort RELEASE`: the new version has no traffic yet',
  Verifying: 'nothing, or `steersman abort RELEASE`: the new version has no traffic yet',
  AwaitingApproval: 'nothing, or `steersman abort RELEASE`: the new version has no traffic yet',
  Shifting: 'nothing, or `steersman abort RELEASE` goes back now',
  Baking: 'nothing, or `steersman abort RELEASE` goes back now',
  RollingBack: 'nothing: it goes back by itself; `steersman history RELEASE` tells why once it has ended',
  Succeeded: 'nothing: it is over',
  RolledBack: 'nothing: it is over',
  Superseded: 'nothing: it is over',
  Aborted: 'nothing: it is over',
}

/** A person who is asked finds the commands in the question; where it lacks them, they stand here. */
function nextOf({ spec, status = {} }: RolloutView): string {
  const { phase = 'Pending', reason = '', awaiting } = status
  const release = `${spec.environment}/${spec.release}`
  if (awaiting !== undefined)
    return `\`steersman approve ${release} --gate ${awaiting.gate}\`, or \`steersman reject ${release} --gate ${awaiting.gate}\``
  return (BY_REASON[reason] ?? BY_PHASE[phase])
    .replace('RELEASE', release)
    .replace('ENVIRONMENT', spec.environment)
}
