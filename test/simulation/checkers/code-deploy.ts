import type { Deployment } from '../../../controller/sandbox/codedeploy/state.ts'
import { deploymentsOf, descriptionOf } from '../aws/code-deploy.ts'
import type { AwsCall } from '../aws/simulated-aws.ts'
import { ruleWeights, sideNames } from '../aws/view.ts'
import type { Checker, CheckerEvents } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import type { StoredRollout } from './stored.ts'
import { storedReleases, storedRollouts } from './stored.ts'

/**
 * What is promised of a release whose traffic CodeDeploy moves: the weights are CodeDeploy's, and no controller writes them (I3); a deployment is begun by the
 * rollout that brings its revision (I4, I11) and by no other, once for each way (I10); it gets its word once (I10), in the phase for that (I5), for a version
 * that has answered its gate well (I6); only a rollout's own one is stopped, by its way back (I3, I5); and success is a deployment that nobody ended (I5).
 */
export function checkCodeDeploy(parts: CheckerParts): Checker {
  if (parts.simulation.moved.length === 0) return {}
  const checkers = [checkWrites, checkOnce, checkSuccess, checkShifts].map((check) => check(parts))
  return {
    beforeCall: (call) => each(checkers, 'beforeCall', call),
    afterCall: (...given) => each(checkers, 'afterCall', ...given),
    told: (...given) => each(checkers, 'told', ...given),
    stepped: () => each(checkers, 'stepped'),
  }
}

function each<Name extends 'beforeCall' | 'afterCall' | 'told' | 'stepped'>(
  checkers: readonly Checker[],
  name: Name,
  ...given: Parameters<CheckerEvents[Name]>
): void {
  for (const checker of checkers) (checker[name] as ((...all: typeof given) => void) | undefined)?.(...given)
}

const WEIGHTS: ReadonlySet<string> = new Set(['ModifyListener', 'ModifyRule'])
const isOurs = ({ who, writes }: AwsCall): boolean => writes && who !== 'people'

/** Each write, by the rollout that it is for. */
function checkWrites({ simulation, checkers, report }: CheckerParts): Checker {
  const { aws, machine } = simulation
  const judge = (call: AwsCall, name: string): string[] => {
    if (call.operation === 'CreateDeployment') return judgeStart(call, name)
    const deployment = aws.codeDeploy.tables.deployments.get(String(call.input['deploymentId']))
    const { rollout, way } = rolloutOf(machine, deployment)
    if (deployment === undefined || rollout === undefined)
      return [`I3 ${name}: ${String(call.input['deploymentId'])} is not Steersman's`]
    if (call.operation === 'StopDeployment') return judgePhase(name, rollout, 'RollingBack')
    // A new rollout ends the wait of an earlier one's deployment.
    if (call.input['deploymentWaitType'] !== 'READY_WAIT') return []
    const version = rollout.spec.image?.tag ?? ''
    const isUnasked = way === 'Forward' && !aws.gates.passed.has(version)
    return [
      ...judgePhase(name, rollout, way === 'Back' ? 'RollingBack' : 'Shifting'),
      ...(isUnasked ? [`I6 ${name}: ${version} of ${rollout.name} has not answered its gate`] : []),
    ]
  }

  /** What was sent before the phase began may come in after it. */
  const judgePhase = (name: string, { name: rollout, status }: StoredRollout, phase: string): string[] =>
    status.phase === phase || checkers.excuses.mayBeOnItsWay(status.phaseStartedAt ?? '')
      ? []
      : [`I5 ${name}: ${rollout} is ${status.phase ?? 'Pending'}`]

  const judgeStart = ({ input }: AwsCall, name: string): string[] => {
    const { rollout, way } = rolloutNamed(machine, String(input['description']))
    if (rollout === undefined || rollout.release !== input['deploymentGroupName'])
      return [`I4 ${name}: no rollout of ${String(input['deploymentGroupName'])} begins it`]
    const { spec, release } = rollout
    const wanted = (way === 'Back' ? spec.from.taskDefinition : spec.taskDefinition) ?? 'nothing'
    const { writes = {} } = storedReleases(machine).get(release) ?? {}
    return [
      ...judgePhase(name, rollout, way === 'Back' ? 'RollingBack' : 'Provisioning'),
      ...(revisionOf(input) === wanted ? [] : [`I11 ${name}: ${rollout.name} brings ${wanted}`]),
      ...('code-deploy' in writes ? [] : [`I10 ${name}: the store knows of no deployment of ${release}`]),
    ]
  }

  return {
    beforeCall(call) {
      if (!isOurs(call)) return
      const name = `${call.operation} by ${call.who}`
      if (WEIGHTS.has(call.operation)) report('I3', `${name}: the weights are CodeDeploy's`)
      if (call.service !== 'codedeploy') return
      for (const found of judge(call, name)) {
        const [promise = ''] = found.split(' ', 1)
        report(promise, found.slice(promise.length + 1))
      }
    },
  }
}

/** A request is under way for so long at most, and asked again no sooner than a read may be old: between these two nobody asks again. */
const UNCLEAR_MS = 30_000

/** No client token tells one beginning from the next, so nobody asks for another before it is clear what became of the first. */
function checkOnce({ simulation: { time }, report }: CheckerParts): Checker {
  /** By what was asked for: when it was, and whether it is known to have come about. */
  const asked = new Map<string, { readonly atMs: number; readonly happened: boolean }>()
  const judge = (what: string, name: string): void => {
    const before = asked.get(what)
    if (before === undefined) return
    const isUnclear = !before.happened && time.elapsed() - before.atMs < UNCLEAR_MS
    if (before.happened || isUnclear) report('I10', `${name}: ${what} is asked for once more`)
  }
  return {
    beforeCall(call) {
      const what = onceOf(call)
      if (isOurs(call) && what !== undefined) judge(what, `${call.operation} by ${call.who}`)
    },
    afterCall(call, reply, happened) {
      const what = onceOf(call)
      if (!isOurs(call) || what === undefined) return
      // What was refused in so many words has not come about.
      if (reply.error === undefined) asked.set(what, { atMs: time.elapsed(), happened })
    },
  }
}

/** What may be asked for once: the beginning of a deployment. Whoever gives its word once more is refused by CodeDeploy. */
const onceOf = ({ operation, input }: AwsCall): string | undefined =>
  operation === 'CreateDeployment' ? String(input['description']) : undefined

function checkSuccess({ simulation, checkers, report }: CheckerParts): Checker {
  return {
    told(event) {
      if (event.type !== 'RolloutFinished' || event.outcome !== 'Succeeded') return
      if (checkers.excuses.mayBeUnknown(event.release)) return
      const own = deploymentsOf(simulation.aws, event.release).findLast(
        (one) => descriptionOf(one) === `steersman ${event.rollout}`,
      )
      // All of the traffic is moved once CodeDeploy waits to end the original tasks.
      if (own?.terminationAt === undefined || own.status === 'Failed' || own.status === 'Stopped')
        report('I5', `${event.rollout} succeeded, and its deployment is ${own?.status ?? 'not there'}`)
    },
  }
}

/** No version gets traffic that has passed no gate, whoever moves it, unless a person gave the word. */
function checkShifts({ simulation, report }: CheckerParts): Checker {
  const { aws, machine, moved } = simulation
  const byHand = new Set<string>()
  const judged = new Set<string>()
  let seen = -1
  return {
    afterCall({ who, operation, input }) {
      if (operation === 'ContinueDeployment' && who === 'people') byHand.add(String(input['deploymentId']))
    },
    stepped() {
      const { version } = aws.world.elb.tables.listeners
      if (version === seen) return
      seen = version
      for (const pair of moved) {
        const weights = ruleWeights(aws, pair, pair.production[0] ?? '')
        for (const one of deploymentsOf(aws, pair.release)) {
          const side = sideNames.find((name) => pair.targetGroups[name] === one.replacement?.targetGroupArn)
          if (side === undefined || one.status !== 'InProgress' || (weights?.[side] ?? 0) <= 0) continue
          const { rollout, way } = rolloutOf(machine, one)
          if (rollout === undefined || way === 'Back' || byHand.has(one.id) || judged.has(one.id)) continue
          judged.add(one.id)
          const tag = rollout.spec.image?.tag ?? ''
          if (!aws.gates.passed.has(tag))
            report('I6', `${tag} of ${rollout.name} gets traffic, and has passed no gate`)
        }
      }
    },
  }
}

interface Own {
  readonly rollout: StoredRollout | undefined
  readonly way: 'Forward' | 'Back'
}

type Machine = CheckerParts['simulation']['machine']

const rolloutOf = (machine: Machine, deployment: Deployment | undefined): Own =>
  rolloutNamed(machine, deployment === undefined ? '' : descriptionOf(deployment))

/** Whose deployment it is, by what it is described as, and whether it brings the version or the one before. */
function rolloutNamed(machine: Machine, description: string): Own {
  const [, name, back] = /^steersman (\S+?)(, back)?$/.exec(description) ?? []
  return {
    rollout: storedRollouts(machine).find((rollout) => rollout.name === name),
    way: back === undefined ? 'Forward' : 'Back',
  }
}

/** What the AppSpec of a deployment brings. */
function revisionOf({ revision }: AwsCall['input']): string | undefined {
  const { appSpecContent } = revision as { readonly appSpecContent: { readonly content: string } }
  const spec = JSON.parse(appSpecContent.content) as {
    readonly Resources: readonly {
      readonly TargetService: { readonly Properties: { readonly TaskDefinition: string } }
    }[]
  }
  return spec.Resources[0]?.TargetService.Properties.TaskDefinition
}
