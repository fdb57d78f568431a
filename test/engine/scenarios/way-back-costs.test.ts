import { describe, expect, it } from 'vitest'
import { fromTimestamp } from '../../../controller/core/time.ts'
import { annotations } from '../../../controller/resources/annotations.ts'
import { patiently } from '../../support/machine/patience.ts'
import type { Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'

/** What came between a person's wish and the write of the weights that AWS accepted, one after the other: times differ from machine to machine, these do not. */
interface Costs {
  readonly storeChanges: number
  /** Reads of AWS, in the order of their names. */
  readonly reads: readonly string[]
}

/** Counts from now on until the weights are written next. */
async function costsOf(machine: Machine, act: () => Promise<void>): Promise<Costs> {
  const { world } = machine.sandbox
  const attempt = world.attempt.bind(world)
  const reads: string[] = []
  let changes: Promise<number> | undefined
  const before = await machine.storeChanges()
  Object.assign(world, {
    attempt(request: Parameters<typeof attempt>[0]) {
      const isWrite = request.operation === 'ModifyListener'
      if (isWrite) changes ??= machine.storeChanges()
      else if (changes === undefined) reads.push(request.operation)
      return attempt(request)
    },
  })
  await act()
  const after = await patiently(
    async () => changes,
    (seen) => seen !== undefined,
    { what: 'the write of the weights' },
  )
  Object.assign(world, { attempt })
  return { storeChanges: (after ?? 0) - before, reads: reads.toSorted() }
}

/** Nothing but the story's own changes reaches the store: git is asked when somebody says so. */
const QUIET = { spec: { source: { interval: '1h' } } } as const

/** v1, and then v2 with a bake of this length. */
async function deployTwo(machine: Machine, bake: string): Promise<void> {
  await machine.start()
  await machine.untilDeployed(machine.push({ version: 'v1' }))
  const commit = machine.push({ version: 'v2', bake })
  if (bake === '100ms') await machine.untilDeployed(commit)
  else await machine.untilPhase('Baking', 2)
}

async function untilQuiet(machine: Machine): Promise<void> {
  let seen = -1
  const isSame = async (): Promise<boolean> => {
    const before = seen
    seen = await machine.storeChanges()
    return before === seen
  }
  await patiently(isSame, Boolean, { what: 'a store in which nothing changes', everyMs: 500 })
}

const LOOK = ['DescribeListeners', 'DescribeServices', 'DescribeTargetHealth', 'ListTasks']

describe('the way to the write that gives the traffic back', STORY, () => {
  it('takes one look and four changes of the store for rollback --now', async (context) => {
    const machine = await startMachine(context, QUIET)
    await deployTwo(machine, '100ms')
    await untilQuiet(machine)
    const costs = await costsOf(machine, () =>
      machine.mark('Release', 'demo-web', {
        [annotations.failback]: '2026-01-01T00:00:00Z',
        [annotations.failbackBy]: 'ana',
        [annotations.failbackTo]: '1',
        [annotations.failbackResume]: '',
      }),
    )
    // The wish, the rollout, the release with the write that is intended, and the rollout with it.
    expect(costs).toEqual({ storeChanges: 4, reads: LOOK })
    expect(await machine.outcomeOf(3)).toMatchObject({ outcome: 'Succeeded' })
    expect(await machine.served()).toBe('v1')
  })

  it('takes four changes of the store for an abort, of which one is made while AWS is read', async (context) => {
    const machine = await startMachine(context, QUIET)
    await deployTwo(machine, '60s')
    await untilQuiet(machine)
    const costs = await costsOf(machine, () =>
      machine.mark('Rollout', 'demo-web-2', {
        [annotations.abort]: '2026-01-01T00:00:00Z',
        [annotations.abortBy]: 'ana',
      }),
    )
    // The wish, the rollout that goes back, the release with the write that is intended, and the rollout with it.
    expect(costs.storeChanges).toBe(4)
    expect(await machine.outcomeOf(2)).toMatchObject({ outcome: 'Aborted' })
    expect(await machine.served()).toBe('v1')
  })

  it('has no step of the new version in it that a look was for while the abort came', async (context) => {
    const machine = await startMachine(context, QUIET)
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    const strategy = 'type: Canary; steps: [{ weight: 10, for: 3s }, { weight: 50, for: 60s }]'
    machine.push({ version: 'v2', strategy })
    const held = await patiently(
      () => machine.rollout(2),
      (rollout) => rollout?.status.step === 1 && rollout.status.stepStartedAt !== undefined,
      { what: 'the held first step', everyMs: 5 },
    )
    const before = machine.writes()['ModifyListener'] ?? 0
    // Each look from now on lasts until the step may end.
    machine.sandbox.world.faults.add({
      service: '*',
      operation: 'DescribeListeners',
      latencyMs: 3_000,
      count: 2,
    })
    await nextCall(machine, 'DescribeListeners')
    expect(Date.now() - fromTimestamp(held?.status.stepStartedAt ?? '')).toBeLessThan(3_000)
    await machine.mark('Rollout', 'demo-web-2', {
      [annotations.abort]: '2026-01-01T00:00:00Z',
      [annotations.abortBy]: 'ana',
    })
    expect(await machine.outcomeOf(2)).toMatchObject({ outcome: 'Aborted' })
    expect((machine.writes()['ModifyListener'] ?? 0) - before).toBe(1)
  })
})

/** Resolves when AWS is asked for this next, before it answers. */
async function nextCall({ sandbox: { world } }: Machine, operation: string): Promise<void> {
  const attempt = world.attempt.bind(world)
  await new Promise<void>((resolve) => {
    Object.assign(world, {
      attempt(request: Parameters<typeof attempt>[0]) {
        if (request.operation === operation) resolve()
        return attempt(request)
      },
    })
  })
  Object.assign(world, { attempt })
}
