import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { EnvironmentStatus } from '../../../controller/resources/types.ts'
import { eventually } from '../../support/eventually.ts'
import { requires } from '../../support/requires.ts'
import { makeTemporaryDirectory } from '../../support/temp-directory.ts'
import type { RunningTown, Town } from '../../support/town.ts'
import { startTown } from '../../support/town.ts'
import { SHOP_ROOT, shopInfrastructure, shopRelease } from '../support/shop-repository.ts'
import { cliConfiguration, copyOfModules, withProvider } from '../support/terraform.ts'

const found = withProvider(requires('terraform', 'git'))
const PATIENCE_MS = 300_000

/** A town whose controller runs Terraform, with a state that every user of this machine may write, as a bucket would be. */
async function startShop(): Promise<{
  town: Town
  infrastructure: Awaited<ReturnType<typeof shopInfrastructure>>
}> {
  const open = await makeTemporaryDirectory('steersman-open')
  onTestFinished(() => open.remove())
  await chmod(open.path, 0o755)
  const states = join(open.path, 'states')
  await mkdir(states)
  await chmod(states, 0o777)
  const state = join(states, 'shop.tfstate')
  await writeFile(state, '')
  await chmod(state, 0o666)
  const configuration = join(open.path, 'terraform.rc')
  await writeFile(configuration, cliConfiguration())
  const terraform = { path: SHOP_ROOT, backend: 'local', backendConfig: { path: state } }
  const town = await startTown(
    { onTestFinished },
    { spec: { terraform }, variables: { TF_CLI_CONFIG_FILE: configuration } },
  )
  const copy = await copyOfModules(town.variables())
  onTestFinished(() => copy.remove())
  return { town, infrastructure: await shopInfrastructure(copy) }
}

const statusOf = async (controller: RunningTown): Promise<EnvironmentStatus> =>
  ((await controller.get('/environments/demo')) as { status: EnvironmentStatus }).status

describe.skipIf(found.missing !== undefined)(
  found.title('From git through Terraform to the traffic, all in the controller'),
  { timeout: 3 * PATIENCE_MS },
  () => {
    it('a merge makes the infrastructure, registers the task definition and swaps; the next one swaps back without a failed request', async () => {
      const { town, infrastructure } = await startShop()
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
