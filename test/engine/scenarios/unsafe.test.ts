import { describe, expect, it } from 'vitest'
import { planOf, resourceChange } from '../../core/infrastructure/plans.ts'
import { STORY } from '../../support/machine.ts'
import { files, startWithTerraform } from '../../support/machine/with-terraform.ts'

const database = { before: { id: 'db', arn: 'db' }, after: { id: 'db' } }

describe('what Terraform has replaced', STORY, () => {
  it('is said by the rollout that goes back behind it, and for as long as the older version serves', async (context) => {
    const { machine, fake } = await startWithTerraform(context, { apply: 'Always' })
    await machine.untilDeployed(machine.pushFiles(files('v1')))
    await machine.behaves('v2', { body: 'broken' })
    fake.plan = () => planOf([resourceChange('aws_db_instance', ['delete', 'create'], database)])
    const commit = machine.pushFiles(files('v2'))
    expect(await machine.outcomeOf(2)).toMatchObject({ outcome: 'RolledBack', reason: 'GateFailed' })
    const { status } = (await machine.rollout(2)) ?? {}
    const what = /Terraform was let replace aws_db_instance\.\w+ at \S+Z for commit/
    expect(status?.message).toMatch(what)
    const { conditions, irreversible } = await machine.untilRelease(
      ({ conditions: seen }) => seen?.some(({ type }) => type === 'UnsafeVersion') ?? false,
    )
    expect(conditions?.find(({ type }) => type === 'UnsafeVersion')).toMatchObject({
      status: 'True',
      reason: 'IrreversibleChange',
      message: expect.stringMatching(what) as string,
    })
    expect(irreversible).toMatchObject([{ commit, before: 2 }])
    expect(machine.events).toContainEqual(
      expect.objectContaining({ type: 'ConditionChanged', condition: 'UnsafeVersion', status: true }),
    )
    fake.plan = undefined
    await machine.untilDeployed(machine.pushFiles(files('v3')))
    const after = await machine.release()
    expect(after.conditions?.some(({ type }) => type === 'UnsafeVersion')).toBe(false)
    expect(after.irreversible).toEqual(irreversible)
  })
})
