import { DIGEST_TAG } from '../../../controller/engine/execute.ts'
import { isFinished } from '../../../controller/core/rollout/state.ts'
import type { DeploymentState } from '../../../controller/sandbox/ecs/state.ts'
import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import { ACCOUNT, REGION } from '../aws/shape.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import type { StoredRollout } from './stored.ts'
import { storedRollouts } from './stored.ts'

/** From a look at a service to the write that it leads to, in milliseconds. */
const LOOK_MS = 12_000

/** I10: what is not idempotent is done once, whatever answers were lost and whoever crashed: a registration, a creation, a forced deployment. */
export function checkRepeats(parts: CheckerParts): Checker {
  const { report } = parts
  /** By family, the content of its newest revision; undefined for a person's. */
  const registered = new Map<string, string | undefined>()
  /** By service, when people changed it last. */
  const byHand = new Map<string, number>()
  /** By service, the rollout that made it. */
  const made = new Map<string, string>()
  return {
    beforeCall(call) {
      if (call.who !== 'people' && call.operation === 'UpdateService')
        judgeForced(parts, { input: call.input, byHand })
    },
    afterCall({ who, operation, input }, reply, happened) {
      const name = `${operation} by ${who}`
      if (operation === 'UpdateService' && who === 'people')
        byHand.set(String(input['service']), parts.simulation.time.now())
      if (operation === 'RegisterTaskDefinition' && happened) {
        const family = String(input['family'])
        const digest = digestOf(input)
        if (digest !== undefined && registered.get(family) === digest)
          report('I10', `${name}: the newest revision of ${family} has this content already`)
        registered.set(family, digest)
      }
      if (operation === 'CreateService') {
        const service = String(input['serviceName'])
        const rollout = runningFor(parts, service)?.name
        const isRefused = reply.error?.message.includes('not idempotent') === true
        if (isRefused && made.get(service) === rollout)
          report('I10', `${name}: ${rollout ?? ''} has made ${service} before and asks as if for another`)
        if (happened && rollout !== undefined) made.set(service, rollout)
      }
    },
  }
}

function digestOf({ tags }: Members): string | undefined {
  const all = (tags ?? []) as readonly { readonly key: string; readonly value: string }[]
  return all.find(({ key }) => key === DIGEST_TAG)?.value
}

/** A forced deployment starts over what was given up before the rollout, and nothing that the rollout itself has begun. */
function judgeForced(
  { simulation, report }: CheckerParts,
  { input, byHand }: { readonly input: Members; readonly byHand: ReadonlyMap<string, number> },
): void {
  // By a clock that is off, the rollout began at another time.
  if (simulation.story.happenings.some(({ kind }) => kind.startsWith('clock'))) return
  const name = String(input['service'])
  const rollout = runningFor({ simulation }, name)
  if (input['forceNewDeployment'] !== true || rollout === undefined) return
  const primary = primaryOf(simulation, input)
  const startedAt = Date.parse(rollout.status.startedAt ?? '')
  if (primary === undefined || primary.taskDefinition !== input['taskDefinition']) return
  // What people changed since is put back, and some of it with a new deployment; it may have been too late for the rollout's own.
  const isByHand = (byHand.get(name) ?? -Infinity) > startedAt - LOOK_MS
  if (primary.createdAt < startedAt || isByHand) return
  // The last good version of one service has to come back, and ECS gives it up only where tasks fail through no fault of its own.
  const isReturning = rollout.status.phase === 'RollingBack' && rollout.spec.to.side === undefined
  if (isReturning && primary.rolloutState === 'FAILED') return
  const promise = primary.rolloutState === 'FAILED' ? 'I8' : 'I10'
  report(promise, `${rollout.name} starts ${name} over, which it has begun itself (${primary.rolloutState})`)
}

function primaryOf({ aws }: CheckerParts['simulation'], input: Members): DeploymentState | undefined {
  const arn = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/demo/${String(input['service'])}`
  return aws.ecs.tables.services.get(arn)?.deployments.find(({ status }) => status === 'PRIMARY')
}

/** The rollout that is not finished of the release that the service is of. */
function runningFor(
  { simulation }: Pick<CheckerParts, 'simulation'>,
  service: string,
): StoredRollout | undefined {
  const release = service.replace(/-(blue|green)$/, '')
  return storedRollouts(simulation.machine, release).find(({ status }) => !isFinished(status))
}
