import { describe, expect, it } from 'vitest'

import { readPlan } from '../../../controller/core/infrastructure/plan-json.ts'
import { countsText, NO_CHANGES, summarize } from '../../../controller/core/infrastructure/summary.ts'
import type { PlanSummary } from '../../../controller/core/infrastructure/summary.ts'
import { planOf, resourceChange } from './plans.ts'

const summaryOf = (
  changes: readonly unknown[],
  more: Readonly<Record<string, unknown>> = {},
): PlanSummary => {
  const plan = readPlan(planOf(changes, more))
  if ('problems' in plan) throw new Error(plan.problems.join('; '))
  return summarize(plan)
}
const named = (name: string, actions: readonly string[], more: object = {}) =>
  resourceChange('aws_sqs_queue', actions, { address: `aws_sqs_queue.${name}`, ...more })

describe('the summary of a plan', () => {
  it.each<readonly [actions: readonly string[], action: keyof PlanSummary]>([
    [['create'], 'add'],
    [['update'], 'change'],
    [['delete', 'create'], 'replace'],
    [['create', 'delete'], 'replace'],
    [['delete'], 'destroy'],
    [['forget'], 'forget'],
  ])('counts %j as %s', (actions, action) => {
    const summary = summaryOf([named('a', actions)])
    expect(summary).toMatchObject({ ...NO_CHANGES, [action]: 1, hasChanges: true, resources: [{ action }] })
    expect(countsText(summary)).toBe(`1 to ${action}`)
  })

  it('counts what is imported or moved without a change as that, and with one as the change', () => {
    const importing = (entry: Readonly<Record<string, unknown>>) => ({
      ...entry,
      change: { ...(entry['change'] as object), importing: { id: 'q' } },
    })
    const moved = { previous_address: 'aws_sqs_queue.before' }
    const summary = summaryOf([
      importing(named('a', ['no-op'])),
      { ...named('b', ['no-op']), ...moved },
      importing(named('c', ['update'])),
      { ...named('d', ['update']), ...moved },
      named('e', ['no-op']),
    ])
    expect(summary.resources.map(({ address, action }) => `${address}: ${action}`)).toEqual([
      'aws_sqs_queue.a: import',
      'aws_sqs_queue.b: move',
      'aws_sqs_queue.c: change',
      'aws_sqs_queue.d: change',
    ])
    expect(countsText(summary)).toBe('2 to change, 1 to import, 1 to move')
  })

  it('names what changes, of a replace what forces it, and no value', () => {
    const values = { before: { delay: 1, fifo: false }, after: { delay: 2, fifo: true } }
    const { resources } = summaryOf([
      named('b', ['delete', 'create'], { ...values, replacePaths: [['fifo']] }),
      named('a', ['update'], values),
    ])
    expect(resources).toEqual([
      { address: 'aws_sqs_queue.a', type: 'aws_sqs_queue', action: 'change', attributes: ['delay', 'fifo'] },
      { address: 'aws_sqs_queue.b', type: 'aws_sqs_queue', action: 'replace', attributes: ['fifo'] },
    ])
  })

  it('that changes outputs alone has changes, and names them by name', () => {
    const output = (actions: readonly string[]) => ({ actions })
    const summary = summaryOf([], {
      output_changes: { url: output(['update']), arn: output(['create']), same: output(['no-op']) },
    })
    expect(summary).toEqual({ ...NO_CHANGES, outputs: ['arn', 'url'], hasChanges: true })
  })

  it('of a plan that does nothing says so', () => {
    expect(summaryOf([named('a', ['no-op'])])).toEqual(NO_CHANGES)
    expect(countsText(NO_CHANGES)).toBe('no changes')
  })

  it('says its counts from adding to moving, without those that are none', () => {
    expect(countsText({ ...NO_CHANGES, add: 1, replace: 3, destroy: 2, forget: 1 })).toBe(
      '1 to add, 3 to replace, 2 to destroy, 1 to forget',
    )
  })
})
