import { describe, expect, it } from 'vitest'

import { deployment, moved, newSet, rolloutIn, seen, spec, taskSet, waiting } from './code-deploy.ts'
import { line, NEW, NOW, OLD, step } from './only.ts'

const at = (ageMs: number): string => new Date(NOW - ageMs).toISOString()
const act = (phase: string, kind: string, given: object): string =>
  `${phase}: ${kind} ${JSON.stringify(given)}`

describe('the way back', () => {
  const turned = rolloutIn('RollingBack', { outcome: 'RolledBack', reason: 'GateFailed', message: 'smoke' })

  it('ends at once where nothing was begun', () => {
    expect(line(step(turned, seen()))).toBe('RolledBack: GateFailed: smoke')
    const writes = {
      'code-deploy': { before: 'none', after: `Forward ${NEW}`, at: at(10_000), ambiguous: true },
    }
    expect(line(step(turned, seen(), { writes }))).toContain('wait ReadBack')
  })

  it('looks first', () => {
    expect(line(step(turned, { ...seen(), seen: [] }))).toBe(
      'RollingBack: look at services, codeDeploy, rules',
    )
  })

  it('waits for the deployment that CodeDeploy makes of the stop', () => {
    const stopped = deployment({ status: 'Stopped', rolledBackBy: 'd-3' })
    expect(line(step(turned, waiting({ deployments: [stopped] })))).toContain('deployment d-3 rolls it back')
    const back = deployment({ id: 'd-3', status: 'InProgress', description: undefined, rollsBack: 'd-2' })
    const both = waiting({ deployments: [back, deployment({ status: 'Stopped' })] })
    expect(line(step(turned, both))).toContain('RollingBack: wait Returning: going back until')
  })

  const rolledBack = [
    deployment({ id: 'd-3', status: 'Succeeded', description: undefined, rollsBack: 'd-2' }),
    deployment({ status: 'Stopped', rolledBackBy: 'd-3' }),
  ]

  it('has ended when what served before has all the traffic', () => {
    expect(line(step(turned, seen({ deployments: rolledBack })))).toBe('RolledBack: GateFailed: smoke')
    const { taskDefinition: _none, ...from } = spec().from
    const first = rolloutIn('RollingBack', { outcome: 'RolledBack' }, spec({ from }))
    expect(step(first, seen({ deployments: rolledBack })).status.phase).toBe('RolledBack')
  })

  it('waits while AWS may show what was before CodeDeploy gave it back, and says so where it did not', () => {
    const early = rolloutIn('RollingBack', {
      outcome: 'RolledBack',
      phaseStartedAt: at(5_000),
      message: 'smoke',
    })
    const other = waiting({ deployments: rolledBack })
    expect(line(step(early, other))).toContain('waiting until AWS shows what CodeDeploy gave back')
    expect(step(turned, other).status.message).toContain('CodeDeploy did not give the traffic back')
    expect(step(turned, seen({ deployments: rolledBack, sets: [] })).status.message).toContain('did not give')
  })

  it('says what CodeDeploy left where it rolled nothing back', () => {
    const left = step(turned, waiting({ deployments: [deployment({ status: 'Stopped' })] }))
    expect(left.status.message).toContain('CodeDeploy rolled nothing back')
  })

  const done = deployment({ status: 'Succeeded' })
  const served = moved({ deployments: [done], sets: [{ ...newSet, status: 'PRIMARY' }] })

  it('deploys what served before once the original tasks are gone', () => {
    expect(line(step(turned, served))).toBe(
      act('RollingBack', 'StartCodeDeploy', { way: 'Back', taskDefinition: OLD }),
    )
    const { taskDefinition: _none, ...from } = spec().from
    const first = rolloutIn('RollingBack', { outcome: 'RolledBack' }, spec({ from }))
    expect(step(first, served).status.message).toContain('failed; there is no earlier version')
  })

  const again = (change: Parameters<typeof deployment>[0]) =>
    deployment({ id: 'd-3', description: 'steersman prod-mailer-2, back', ...change })
  const backSet = taskSet({ status: 'ACTIVE', externalId: 'd-3' })

  it('goes on with that deployment until it serves', () => {
    const ready = moved({ deployments: [again({}), done], sets: [{ ...newSet, status: 'PRIMARY' }, backSet] })
    expect(line(step(turned, ready))).toBe(
      act('RollingBack', 'ContinueCodeDeploy', { deployment: 'd-3', wait: 'READY_WAIT' }),
    )
    const moving = moved({ deployments: [again({ status: 'InProgress' }), done], sets: [backSet] })
    expect(line(step(turned, moving))).toContain('deployment d-3 is InProgress')
    const over = seen({
      deployments: [again({ status: 'Succeeded' }), done],
      sets: [{ ...backSet, status: 'PRIMARY' }],
    })
    expect(line(step(turned, over))).toBe('RolledBack: GateFailed: smoke')
  })

  it.each(['Failed', 'Stopped'] as const)('ends where that deployment is %s', (status) => {
    const lost = step(turned, moved({ deployments: [again({ status }), done] }))
    expect(lost.status.message).toBe(
      `smoke; the earlier version does not come back: deployment d-3 is ${status}`,
    )
  })

  it('ends when it took as long as a whole rollout may', () => {
    const old = rolloutIn('RollingBack', {
      outcome: 'Aborted',
      deadlineAt: at(1),
      message: 'by ada',
    })
    const ended = step(old, served)
    expect(ended.status).toMatchObject({ phase: 'Aborted' })
    expect(ended.status.message).toContain('does not come back in time')
  })

  it('counts an older deployment of the same name as another’s', () => {
    const ancient = deployment({ status: 'Succeeded', createdAt: NOW - 86_400_000 })
    expect(line(step(turned, seen({ deployments: [ancient] })))).toBe('RolledBack: GateFailed: smoke')
    const { startedAt: _none, ...status } = turned.status
    expect(line(step({ ...turned, status }, served))).toContain('StartCodeDeploy')
  })
})
