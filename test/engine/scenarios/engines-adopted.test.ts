import { describe, expect, it } from 'vitest'

import { createAws } from '../../../controller/adapters/aws/create-aws.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import type { Adoption, AdoptionWishes } from '../../../controller/core/adopt.ts'
import { planned } from '../../../controller/engine/adopt/adopt.ts'
import { patiently } from '../../support/machine/patience.ts'
import type { Ending, Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'
import { deploymentsOf, makeCodeDeploy } from '../../support/machine/code-deploy.ts'
import { makeRules } from '../../support/machine/native-files.ts'
import { makeMovedByEcs } from '../../support/machine/moved-by-ecs.ts'
import { REGION } from '../../support/machine/shape.ts'
import { seededRandom } from '../../support/seeded-random.ts'

/** What `steersman adopt demo web` says, as somebody asks it with a profile of their own. */
async function adoptionOf(
  context: Ending,
  { sandbox }: Machine,
  given: Partial<AdoptionWishes> = {},
): Promise<Adoption> {
  const aws = createAws({
    region: REGION,
    environment: 'demo',
    endpoint: sandbox.url,
    credentials: async () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
    clock: systemClock,
    random: seededRandom(1),
    telemetry: { emit: () => undefined },
  })
  context.onTestFinished(() => Promise.resolve(aws.close()))
  return planned({
    connections: aws,
    clock: systemClock,
    wishes: {
      cluster: 'demo',
      service: 'web',
      environment: 'demo',
      release: undefined,
      testPort: undefined,
      isAutoscaled: false,
      greenService: undefined,
      greenTargetGroup: undefined,
      ...given,
    },
    rules: { path: 'deploy', policy: { allow: undefined }, requiredGates: [] },
  })
}

/** Its files as they are committed, with another version in the second place. */
function filesOf({ files, refusals }: Adoption, version = 'made'): Record<string, string> {
  expect(refusals).toEqual([])
  return Object.fromEntries(
    files.map(({ path, text }) => [
      path,
      text.replace('bake: 5m', 'bake: 100ms').replace(/tag: made$/m, `tag: ${version}`),
    ]),
  )
}

describe('a service that AWS itself moves the traffic of, and that was adopted', STORY, () => {
  it('by CodeDeploy is recorded as it runs, and its next version is deployed by the same group', async (context) => {
    const machine = await startMachine(context)
    makeCodeDeploy(machine.sandbox)
    const unnamed = await patiently(
      () => adoptionOf(context, machine),
      ({ refusals }) => refusals.every(({ code }) => code !== 'NotServing'),
      { what: 'the service at its count' },
    )
    expect(unnamed.refusals.map(({ code }) => code)).toEqual(['DeploymentGroupUnknown'])
    const adoption = await adoptionOf(context, machine, {
      deploymentGroup: { application: 'shop', deploymentGroup: 'web' },
    })
    expect(adoption).toMatchObject({ engine: 'CodeDeploy', moves: [] })
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(filesOf(adoption)))
    expect(machine.writes()).toEqual({})
    await machine.untilDeployed(machine.pushFiles(filesOf(adoption, 'v1')))
    expect(await machine.served()).toBe('v1')
    expect(deploymentsOf(machine.sandbox)).toHaveLength(1)
    const again = await adoptionOf(context, machine)
    // By now CodeDeploy has made the tasks, and they tell its group; it may still keep those of before.
    expect(again.refusals.map(({ code }) => code)).not.toContain('DeploymentGroupUnknown')
  })

  it("by ECS's own deployments is recorded as it runs, and its next version is one update", async (context) => {
    const machine = await startMachine(context)
    makeRules(machine)
    await makeMovedByEcs(machine)
    const adoption = await adoptionOf(context, machine)
    expect(adoption).toMatchObject({ engine: 'Native', moves: [] })
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(filesOf(adoption)))
    expect(machine.writes()).toEqual({})
    await machine.untilDeployed(machine.pushFiles(filesOf(adoption, 'v1')))
    expect(await machine.served()).toBe('v1')
    expect(machine.writes()).toMatchObject({ UpdateService: 1 })
  })
})
