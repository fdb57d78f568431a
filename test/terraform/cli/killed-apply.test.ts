import { describe, expect, it, onTestFinished } from 'vitest'
import type { TerraformProcess } from '../../../controller/ports/terraform.ts'
import type { EnvironmentStatus, InfrastructureStatus } from '../../../controller/resources/types.ts'
import { killApply } from '../../support/controller-to-kill.ts'
import { eventually } from '../../support/eventually.ts'
import { requires } from '../../support/requires.ts'
import { startSteersman } from '../../support/steersman-process.ts'
import type { RunningTown, Town } from '../../support/town.ts'
import { startMoto } from '../support/moto.ts'
import { SHOP_ROOT, shopRelease } from '../support/shop-repository.ts'
import { startShop } from '../support/shop-town.ts'
import { createStateBucket } from '../support/state-backend.ts'
import { withProvider } from '../support/terraform.ts'

const found = withProvider(requires('terraform', 'git', 'moto'))
const PATIENCE_MS = 300_000
const BUCKET = 'acme-tfstate'

/** What never happens while the first apply runs: the provider tries again for minutes. */
const NOT_MADE = [
  { service: 'ec2', operation: 'AuthorizeSecurityGroupIngress' },
  { service: 'ec2', operation: 'AuthorizeSecurityGroupEgress' },
  { service: 'ecs', operation: 'CreateService' },
]

/** What is made of the root then; tags tell everything but the roles. */
const MADE = {
  CreateLogGroup: 1,
  CreateSecurityGroup: 2,
  CreateTargetGroup: 2,
  CreateRole: 2,
  CreateRule: 2,
}

/** A shop whose state and its lock lie in a bucket of moto, and everything else in the sandbox. */
async function startShopWithBucket(): ReturnType<typeof startShop> {
  const moto = await startMoto()
  onTestFinished(() => moto.stop())
  await createStateBucket(moto.url, BUCKET)
  return startShop(
    { onTestFinished },
    {
      type: 's3',
      config: {
        bucket: BUCKET,
        key: 'shop.tfstate',
        region: 'eu-west-1',
        use_lockfile: true,
        use_path_style: true,
        endpoints: { s3: moto.url },
      },
    },
  )
}

const infrastructureOf = async (controller: RunningTown): Promise<InfrastructureStatus> => {
  const { status } = (await controller.get('/environments/demo')) as { status?: EnvironmentStatus }
  return status?.infrastructure ?? {}
}

/** How often each of the operations was called that make what is made first. */
async function made(town: Town): Promise<Record<string, number>> {
  const writes = await town.writes()
  return Object.fromEntries(Object.keys(MADE).map((operation) => [operation, writes[operation] ?? 0]))
}

/** The apply of which the first resources are made, and which gets no further. */
async function stuckApply(town: Town, controller: RunningTown): Promise<TerraformProcess> {
  const { applying } = await eventually(
    () => infrastructureOf(controller),
    (now) => now.applying?.lockId !== undefined,
    { what: 'an apply that holds its lock', withinMs: PATIENCE_MS },
  )
  if (applying?.process === undefined) throw new Error('the apply has no process')
  const { process } = applying
  onTestFinished(() => killApply(process))
  await eventually(
    () => town.writes(),
    (now) =>
      Object.entries(MADE).every(([operation, count]) => now[operation] === count) &&
      // Rules are asked for once both groups are whole: without the rule that AWS gives to each.
      now['AuthorizeSecurityGroupIngress'] !== undefined,
    { what: 'the first resources', withinMs: PATIENCE_MS },
  )
  return process
}

/** What `steersman terraform imports` prints. */
async function printedImports({ url }: RunningTown): Promise<string> {
  const command = startSteersman(['terraform', 'imports', 'demo', '--server', url])
  expect(await command.exited()).toBe(0)
  return command.lines.map(({ text }) => `${text}\n`).join('')
}

describe.skipIf(found.missing !== undefined)(
  found.title('An apply that was killed with its controller'),
  { timeout: 3 * PATIENCE_MS },
  () => {
    it('is not made again: the next controller frees the lock, applies nothing, and goes on with the import blocks that it prints', async () => {
      const { town, infrastructure } = await startShopWithBucket()
      for (const { service, operation } of NOT_MADE)
        await town.fault({ service, operation, error: 'ConnectionReset' })
      const first = await town.run()
      town.repository.commit({ ...infrastructure, ...shopRelease('v1') }, { branch: 'demo' })
      const apply = await stuckApply(town, first)
      await first.process.kill()
      killApply(apply)
      await town.clearFaults()

      const second = await town.run()
      const { plan, lock } = await eventually(
        () => infrastructureOf(second),
        (now) => now.plan !== undefined && now.plan.id !== 'none',
        { what: 'a plan', withinMs: PATIENCE_MS },
      )
      expect(lock).toBeUndefined()
      expect(plan).toMatchObject({ permission: 'Refuse' })
      expect(await made(town)).toEqual(MADE)
      const printed = await printedImports(second)
      expect(addressesIn(printed)).toEqual([
        'aws_security_group.load_balancer',
        'module.web.aws_cloudwatch_log_group.this',
        'module.web.aws_lb_listener_rule.production',
        'module.web.aws_lb_listener_rule.test',
        'module.web.aws_lb_target_group.side["blue"]',
        'module.web.aws_lb_target_group.side["green"]',
        'module.web.aws_security_group.tasks',
      ])

      const imported = town.repository.commit(
        { [`${SHOP_ROOT}/imports.tf`]: withHidden(printed) },
        { branch: 'demo' },
      )
      await second.untilDeployed(imported, PATIENCE_MS)
      expect(await made(town)).toEqual(MADE)
      const { plan: nothingWaits, commit } = await infrastructureOf(second)
      expect({ nothingWaits, commit }).toEqual({ nothingWaits: undefined, commit: imported })
      expect(await second.process.end()).toBe(0)
    })
  },
)

const addressesIn = (blocks: string): string[] =>
  [...blocks.matchAll(/^ {2}to = (.*)$/gm)].map(([, address]) => address ?? '').toSorted()

/** As a person does who has seen that the roles are there, which tags don't show. */
const withHidden = (blocks: string): string => blocks.replaceAll(/^# (?=import |\}| {2})/gm, '')
