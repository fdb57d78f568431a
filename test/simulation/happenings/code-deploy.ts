import type { Deployment } from '../../../controller/sandbox/codedeploy/state.ts'
import { activeDeploymentOf, setGroupAlarm } from '../aws/code-deploy.ts'
import type { Simulation } from '../run/simulation.ts'
import { between, oneOf } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'

/** Calls of CodeDeploy whose answer may be lost. */
const WRITES = ['CreateDeployment', 'ContinueDeployment', 'StopDeployment'] as const
/** The next one within this time, in milliseconds. */
const LOST_WITHIN_MS = 120_000

/** What people and AWS do to the deployments of CodeDeploy. */
export const codeDeployKinds: readonly HappeningKind[] = [
  {
    name: 'deployment stopped by hand',
    group: 'people',
    severity: 'mild',
    draw: (random, { releases }) => ({ release: oneOf(random, releases) }),
    apply: (simulation, { release }) =>
      toActive(simulation, String(release), ({ id }) =>
        simulation.aws.byHand('codedeploy', 'StopDeployment', {
          deploymentId: id,
          autoRollbackEnabled: true,
        }),
      ),
  },
  {
    name: 'deployment continued by hand',
    group: 'people',
    severity: 'harsh',
    draw: (random, { releases }) => ({ release: oneOf(random, releases) }),
    apply: (simulation, { release }) =>
      toActive(simulation, String(release), ({ id, status, terminationAt }) => {
        if (status !== 'Ready' && terminationAt === undefined) return simulation.strikes.missed()
        simulation.aws.byHand('codedeploy', 'ContinueDeployment', {
          deploymentId: id,
          deploymentWaitType: status === 'Ready' ? 'READY_WAIT' : 'TERMINATION_WAIT',
        })
      }),
  },
  {
    name: "an alarm ends CodeDeploy's deployment",
    group: 'aws',
    severity: 'mild',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      forMs: between(random, 2_000, 60_000),
    }),
    apply(simulation, { release, forMs }) {
      const name = String(release)
      if (activeDeploymentOf(simulation.aws, name) === undefined) return simulation.strikes.missed()
      simulation.checkers?.disturbed({ release: name })
      setGroupAlarm(simulation.aws, name, 'ALARM')
      simulation.later(Number(forMs), () => setGroupAlarm(simulation.aws, name, 'OK'))
    },
  },
  {
    name: 'one lost answer of CodeDeploy',
    group: 'aws',
    severity: 'harsh',
    draw: (random) => ({
      of: oneOf(random, WRITES),
      error: oneOf(random, ['TimeoutAfterWrite', 'TimeoutAfterWrite', 'ConnectionReset']),
    }),
    apply: (simulation, { of, error }) =>
      simulation.awsFault(
        { service: 'codedeploy', operation: String(of), error: String(error), count: 1 },
        LOST_WITHIN_MS,
      ),
  },
  {
    name: 'stale reads of CodeDeploy',
    group: 'aws',
    severity: 'mild',
    draw: (random) => ({
      staleForMs: between(random, 500, 30_000),
      forMs: between(random, 5_000, 120_000),
      rate: oneOf(random, [0.3, 0.7, 1]),
    }),
    apply: (simulation, { staleForMs, forMs, rate }) =>
      simulation.awsFault(
        { service: 'codedeploy', operation: '*', staleForMs: Number(staleForMs), rate: Number(rate) },
        Number(forMs),
      ),
  },
]

/** Somebody does something to the release's deployment that is under way; CodeDeploy may refuse it. */
function toActive(
  { aws, checkers, strikes }: Simulation,
  release: string,
  act: (active: Deployment) => void,
): void {
  const active = activeDeploymentOf(aws, release)
  if (active === undefined || active.creator !== 'user') return strikes.missed()
  checkers?.disturbed({ release })
  act(active)
}
