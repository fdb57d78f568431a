import type { EnvironmentStatus, InfrastructureStatus } from '../../../controller/resources/types.ts'
import { storedEnvironment } from '../checkers/stored.ts'
import type { Simulation } from '../run/simulation.ts'
import { between, oneOf } from '../time/randomness.ts'
import { ask } from './asking.ts'
import type { HappeningKind } from './kind.ts'

/** What comes to Terraform, to the state and to what it made, and what people do about that. */
export const infrastructureKinds: readonly HappeningKind[] = [
  {
    name: 'infrastructure is changed',
    group: 'push',
    severity: 'mild',
    draw: (random) => ({ size: between(random, 0, 4) }),
    apply: (simulation, { size }) => simulation.branch.changeRoot({ size: Number(size) }),
  },
  {
    name: 'infrastructure is changed and changed back',
    group: 'push',
    severity: 'mild',
    draw: (random) => ({ size: between(random, 0, 4), afterMs: between(random, 1_000, 90_000) }),
    apply(simulation, { size, afterMs }) {
      const before = rootOf(simulation)
      simulation.branch.changeRoot({ size: Number(size), hasVolume: true })
      simulation.later(Number(afterMs), () => simulation.branch.changeRoot(before))
    },
  },
  {
    name: 'a volume is taken out',
    group: 'push',
    severity: 'mild',
    draw: (random) => ({ backAfterMs: oneOf(random, [0, between(random, 10_000, 400_000)]) }),
    apply(simulation, { backAfterMs }) {
      simulation.branch.changeRoot({ hasVolume: false })
      if (Number(backAfterMs) > 0)
        simulation.later(Number(backAfterMs), () => simulation.branch.changeRoot({ hasVolume: true }))
    },
  },
  {
    name: 'weights in the root',
    group: 'push',
    severity: 'harsh',
    draw: (random) => ({ mendedAfterMs: oneOf(random, [0, between(random, 10_000, 240_000)]) }),
    apply(simulation, { mendedAfterMs }) {
      simulation.branch.changeRoot({ leavesWeights: false })
      if (Number(mendedAfterMs) > 0)
        simulation.later(Number(mendedAfterMs), () => simulation.branch.changeRoot({ leavesWeights: true }))
    },
  },
  trouble('terraform fails', { how: ['fails'] }),
  trouble('terraform hangs', { how: ['hangs', 'hangs', 'deaf'] }),
  trouble('terraform is killed', { how: ['killed'] }),
  trouble('terraform is killed with its controller', {
    how: ['killed'],
    isApply: true,
    alsoStrikes: (simulation, downMs) => simulation.seat(0).kill(downMs),
  }),
  trouble('the machine goes down in an apply', {
    how: ['hangs'],
    isApply: true,
    alsoStrikes: (simulation, downMs) => simulation.powerLoss(downMs),
  }),
  {
    name: 'state locked by somebody',
    group: 'terraform',
    severity: 'mild',
    draw: (random) => ({ forMs: oneOf(random, [0, between(random, 5_000, 300_000)]) }),
    apply(simulation, { forMs }) {
      const { terraform, strikes, trace } = simulation
      const id = terraform?.lockBySomebody()
      if (id === undefined) return strikes.missed()
      trace.add('people', `took ${id}`)
      if (Number(forMs) > 0) simulation.later(Number(forMs), () => terraform?.giveBack(id))
    },
  },
  {
    name: 'somebody frees the lock',
    group: 'people',
    severity: 'mild',
    draw: (random) => ({
      afterMs: between(random, 1_000, 120_000),
      which: oneOf(random, ['the one that is told', 'the one that is told', 'another']),
    }),
    apply: (simulation, { afterMs, which }) =>
      whenTold(simulation, ({ lock }) => lock?.id, {
        afterMs: Number(afterMs),
        act: (id) => ask(simulation, { verb: 'unlock', lock: which === 'another' ? 'lock-of-nobody' : id }),
      }),
  },
  {
    name: 'somebody approves',
    group: 'people',
    severity: 'mild',
    draw: (random) => ({
      afterMs: oneOf(random, [between(random, 500, 20_000), between(random, 60_000, 300_000)]),
      which: oneOf(random, ['the one that waits', 'the one that waits', 'the one that waited', 'another']),
    }),
    apply: (simulation, { afterMs, which }) =>
      whenTold(simulation, waitingPlan, {
        afterMs: Number(afterMs),
        act(id) {
          const now = waitingPlan(infrastructureOf(simulation)) ?? id
          const plan = which === 'another' ? 'sha256:0' : which === 'the one that waited' ? id : now
          ask(simulation, { verb: 'approve', plan })
        },
      }),
  },
  {
    name: 'infrastructure by hand',
    group: 'people',
    severity: 'mild',
    draw: () => ({ size: 'm7i.large' }),
    apply({ terraform, strikes, trace }, { size }) {
      const [bastion] = terraform?.cloud.all('aws_instance') ?? []
      if (terraform === undefined || bastion === undefined) return strikes.missed()
      trace.add('people', `makes ${bastion.address} a ${size}`)
      terraform.cloud.update(bastion, { instance_type: size })
    },
  },
  {
    name: 'drift is to be corrected',
    group: 'people',
    severity: 'mild',
    draw: (random) => ({ forMs: between(random, 60_000, 600_000) }),
    apply(simulation, { forMs }) {
      simulation.configure({ drift: { infrastructure: 'Correct' } })
      simulation.later(Number(forMs), () => simulation.configure({ drift: {} }))
    },
  },
]

/** The next process of Terraform runs into something; `alsoStrikes` at the same moment. */
function trouble(
  name: string,
  {
    how,
    isApply = false,
    alsoStrikes,
  }: {
    readonly how: readonly ('fails' | 'hangs' | 'deaf' | 'killed')[]
    readonly isApply?: boolean
    readonly alsoStrikes?: (simulation: Simulation, downMs: number) => void
  },
): HappeningKind {
  return {
    name,
    group: 'terraform',
    severity: 'harsh',
    draw: (random) => ({
      command: isApply ? 'apply' : oneOf(random, ['plan', 'apply', 'apply', 'apply']),
      how: oneOf(random, how),
      step: between(random, 0, 5),
      downMs: between(random, 0, 20_000),
    }),
    apply(simulation, { command, how: chosen, step, downMs }) {
      const strike = simulation.strikes.later()
      simulation.terraform?.trouble({
        command: command === 'plan' ? 'plan' : 'apply',
        how: chosen as (typeof how)[number],
        step: Number(step),
        strike() {
          strike()
          simulation.trace.add('fault', `${name} strikes`)
          if (alsoStrikes === undefined) return
          simulation.later(Number(downMs), () => undefined)
          alsoStrikes(simulation, Number(downMs))
        },
      })
    },
  }
}

const infrastructureOf = ({ machine }: Simulation): InfrastructureStatus =>
  ((storedEnvironment(machine)?.status ?? {}) as EnvironmentStatus).infrastructure ?? {}

const rootOf = ({ branch }: Simulation): object => branch.saidBy(branch.head).root ?? {}

/** One that was made: what stands in for it before that is nothing to look at. */
const waitingPlan = ({ plan }: InfrastructureStatus): string | undefined =>
  plan?.permission === 'AwaitApproval' && plan.id.startsWith('sha256:') ? plan.id : undefined

/** Somebody looks now and then, for so long. */
const LOOK_MS = 5_000
const MOST_LOOKS = 120

/** Somebody who watches the status acts a while after it tells of something. */
function whenTold(
  simulation: Simulation,
  idIn: (status: InfrastructureStatus) => string | undefined,
  {
    afterMs,
    act,
    looks = MOST_LOOKS,
    strike = simulation.strikes.later(),
  }: {
    readonly afterMs: number
    readonly act: (id: string) => void
    readonly looks?: number
    readonly strike?: () => void
  },
): void {
  const id = idIn(infrastructureOf(simulation))
  if (id !== undefined) {
    return simulation.later(afterMs, () => {
      strike()
      act(id)
    })
  }
  if (looks > 0)
    simulation.later(LOOK_MS, () => whenTold(simulation, idIn, { afterMs, act, looks: looks - 1, strike }))
}
