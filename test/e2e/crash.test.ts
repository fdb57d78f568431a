import { describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { startMachine, STORY } from '../support/machine.ts'
import type { Moment, OutsideWrite } from '../support/machine/mortality.ts'
import { createMortality } from '../support/machine/mortality.ts'

/** What the rollout of a third version writes, in order: register, drain, start, weights, test rule, tags. */
const WRITES = [
  'registerTaskDefinition',
  'updateService',
  'updateService',
  'setWeights',
  'setWeights',
  'pushTags',
]
const CRASHES = WRITES.flatMap((_, index) =>
  (['before', 'after'] as const).map((moment): readonly [Moment, number] => [moment, index + 1]),
)

describe('a controller that is gone in the middle of a rollout', STORY, () => {
  it.for(CRASHES)(
    '%s its write number %i comes to the same end with the same writes',
    async ([moment, number], context) => {
      const machine = await startMachine(context, { settings: { stalenessBoundMs: 1_000 } })
      await machine.start()
      await machine.untilDeployed(machine.push({ version: 'v1' }))
      await machine.untilDeployed(machine.push({ version: 'v2' }))
      await machine.stop()
      const load = await machine.load()
      const seen: OutsideWrite[] = []
      const mortality = createMortality((write, when) => {
        if (when === 'before') seen.push(write)
        return write.number === number && when === moment
      })
      const last = machine.push({ version: 'v3' })
      await machine.start(mortality)
      await eventually(mortality.isDead, Boolean, { what: 'the crash', withinMs: 30_000 })
      await machine.start()
      await machine.untilDeployed(last)
      await load.more(30)
      await load.stop()
      expect(seen.at(-1)?.method).toBe(WRITES[number - 1])
      expect(load.failures()).toEqual([])
      expect(load.versions()).toEqual(['v2', 'v3'])
      expect(await machine.outcomeOf(3)).toEqual({ outcome: 'Succeeded', reason: 'Succeeded' })
      expect((await machine.release()).lastRollout).toBe(3)
      expect(machine.writes()).toMatchObject({ RegisterTaskDefinition: 3, CreateService: 2 })
      expect(machine.records()).toEqual([1, 2, 3])
    },
  )
})
