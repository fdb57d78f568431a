import { describe, expect, it } from 'vitest'
import { STORY } from '../../support/machine.ts'
import type { Machine } from '../../support/machine.ts'
import { files, releaseText, startWithTerraform } from '../../support/machine/with-terraform.ts'
import type { TreeEntry } from '../../support/repository.ts'

const PATH = 'deploy/releases/web.yaml'
const OUTPUTS = { cluster: 'demo', load_balancer: 'demo', web_blue: 'web-blue', web_green: 'web-green' }

/** A release that takes every name from Terraform, and its task definition from its own file. */
function named(version: string): Record<string, TreeEntry> {
  const tree = files(version, undefined, false)
  const text = releaseText(tree)
    .replace('cluster: demo', 'cluster: { terraform: cluster }')
    .replace('loadBalancer: demo', 'loadBalancer: { terraform: load_balancer }')
    .replace(
      /targetGroups: .*/,
      'targetGroups: { blue: { terraform: web_blue }, green: { terraform: web_green } }',
    )
  return { ...tree, [PATH]: text }
}

const stalledBy = (machine: Machine, reason: string): Promise<unknown> =>
  machine.untilRelease(
    ({ conditions }) => conditions?.some((one) => one.type === 'Stalled' && one.reason === reason) ?? false,
  )

describe('Names that Terraform’s outputs hold', STORY, () => {
  it('are waited for, and then served', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    const applied = Promise.withResolvers<void>()
    fake.makes = () => OUTPUTS
    fake.during = () => applied.promise
    const first = machine.pushFiles(named('v1'))
    await machine.untilRelease(({ waiting }) => waiting?.reason === 'InfrastructureNotReady')
    applied.resolve()
    await machine.untilDeployed(first)
    expect(await machine.served()).toBe('v1')
    const rollout = await machine.rollout()
    expect(rollout?.spec).toMatchObject({
      service: { cluster: 'demo' },
      traffic: { loadBalancer: 'demo', targetGroups: { blue: 'web-blue', green: 'web-green' } },
    })
    await machine.untilDeployed(machine.pushFiles(named('v2')))
    expect(fake.started).toMatchObject({ plan: 1, apply: 1 })
  })

  it('stall the release by their own name where the root has no such output', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    fake.makes = () => ({ ...OUTPUTS, web_green: undefined })
    machine.pushFiles(named('v1'))
    await stalledBy(machine, 'OutputMissing')
    expect(machine.writes()).not.toHaveProperty('CreateService')
    fake.makes = () => OUTPUTS
    await machine.untilDeployed(machine.pushFiles({ ...named('v1'), 'infra/demo.tfvars': 'x = 1\n' }))
    expect(await machine.served()).toBe('v1')
  })

  it('are held to what the environment allows', async (context) => {
    const allow = {
      clusters: ['shop-*'],
      loadBalancers: ['demo'],
      families: ['demo-*'],
      executionRoles: ['*'],
    }
    const { machine, fake } = await startWithTerraform(context, {}, { allow })
    fake.makes = () => OUTPUTS
    machine.pushFiles(named('v1'))
    await stalledBy(machine, 'OutputNotAllowed')
    expect(machine.writes()).not.toHaveProperty('CreateService')
  })

  it('that are gone leave what serves as it is', async (context) => {
    const { machine, fake } = await startWithTerraform(context)
    fake.makes = () => OUTPUTS
    await machine.untilDeployed(machine.pushFiles(named('v1')))
    fake.makes = () => ({})
    machine.pushFiles({ ...named('v2'), 'infra/demo.tfvars': 'x = 1\n' })
    await stalledBy(machine, 'OutputMissing')
    expect(await machine.served()).toBe('v1')
  })
})
