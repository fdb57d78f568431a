import { describe, expect, it, onTestFinished } from 'vitest'
import type { EnvironmentStatus } from '../../../controller/resources/types.ts'
import { eventually } from '../../support/eventually.ts'
import { requires } from '../../support/requires.ts'
import type { RunningTown } from '../../support/town.ts'
import { shopRelease } from '../support/shop-repository.ts'
import { startShop } from '../support/shop-town.ts'
import { withProvider } from '../support/terraform.ts'

const found = withProvider(requires('terraform', 'git'))
const PATIENCE_MS = 300_000

const statusOf = async (controller: RunningTown): Promise<EnvironmentStatus> =>
  ((await controller.get('/environments/demo')) as { status: EnvironmentStatus }).status

describe.skipIf(found.missing !== undefined)(
  found.title('From git through Terraform to the traffic, all in the controller'),
  { timeout: 3 * PATIENCE_MS },
  () => {
    it('a merge makes the infrastructure, registers the task definition and swaps; the next one swaps back without a failed request', async () => {
      const { town, infrastructure } = await startShop({ onTestFinished })
      const controller = await town.run()
      const first = town.repository.commit({ ...infrastructure, ...shopRelease('v1') }, { branch: 'demo' })
      await controller.untilDeployed(first, PATIENCE_MS)
      const load = await town.load()
      expect(load.versions()).toEqual(['v1'])
      const second = town.repository.commit(shopRelease('v2'), { branch: 'demo' })
      await controller.untilDeployed(second, PATIENCE_MS)
      const deployedAt = performance.now()
      await load.more(20)
      await load.stop()
      expect(load.failures()).toEqual([])
      expect(load.versionsSince(deployedAt)).toEqual(['v2'])
      const { infrastructure: made = {}, conditions = [] } = await statusOf(controller)
      expect(made.commit).toBe(second)
      expect(JSON.stringify(made.outputs)).toMatch(/task-definition\/demo-web-terraform:2"/)
      expect(conditions.find(({ type }) => type === 'InfrastructureReady')).toMatchObject({ status: 'True' })
      const writes = await town.writes()
      // Both are Terraform's: one for each image, and the pair.
      expect(writes).toMatchObject({ RegisterTaskDefinition: 2, CreateService: 2 })
      const traffic = JSON.stringify(infrastructure['infra/modules/service/traffic.tf'])
      town.repository.commit(
        {
          ...shopRelease('v3'),
          'infra/modules/service/traffic.tf': JSON.parse(
            traffic.replaceAll('ignore_changes = [action]', 'ignore_changes = []'),
          ) as string,
        },
        { branch: 'demo' },
      )
      const { infrastructure: kept } = await eventually(
        () => statusOf(controller),
        ({ infrastructure: now }) => now?.plan !== undefined,
        { what: 'the plan that would put the weights back', withinMs: PATIENCE_MS },
      )
      expect(kept?.plan).toMatchObject({ verdict: 'ResetsTraffic', permission: 'Refuse' })
      expect(await controller.process.end()).toBe(0)
    })
  },
)
