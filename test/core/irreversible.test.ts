import { describe, expect, it } from 'vitest'
import {
  changesBeyond,
  changesLeft,
  changesSince,
  describeChanges,
  firstRollouts,
  irreversibleAfter,
} from '../../controller/core/irreversible.ts'
import type { RolloutState } from '../../controller/core/rollout/state.ts'
import type { GateTask } from '../../controller/resources/generated/rollout.ts'
import type { DefaultedGate, IrreversibleChange } from '../../controller/resources/types.ts'
import { served } from '../support/release-controller.ts'
import { smokeGate } from '../support/release-fixtures.ts'

const AT = '2026-01-02T00:00:00Z'
const LATER = '2026-01-03T00:00:00Z'
const commit = 'c'.repeat(40)
const { http: _http, ...plain } = smokeGate
const migrate = (irreversible?: boolean): DefaultedGate => ({
  ...plain,
  name: 'migrate',
  task: { command: ['migrate'], ...(irreversible === undefined ? {} : { irreversible }) },
})

function rollout(
  number: number,
  {
    version = String(number),
    gate = migrate(true),
    task = { token: 't', requestedAt: AT },
  }: { readonly version?: string; readonly gate?: DefaultedGate; readonly task?: GateTask } = {},
): RolloutState {
  const { last } = served()
  if (last === undefined) throw new Error('no rollout')
  return {
    ...last,
    name: `prod-web-${number}`,
    spec: { ...last.spec, number, commit, taskDefinition: `arn:${version}`, gates: [gate] },
    status: { ...last.status, startedAt: AT, gates: [{ name: 'migrate', when: 'BeforeProvision', task }] },
  }
}

const change = (before: number, what = 'the task of gate migrate was started'): IrreversibleChange => ({
  what,
  at: AT,
  commit,
  before,
})
const versions = (...numbers: readonly (readonly [number, string])[]) =>
  firstRollouts(numbers.map(([number, version]) => ({ number, taskDefinition: `arn:${version}` })))

describe('what going back does not undo', () => {
  it('is the task of an irreversible gate from the moment when it may have been started', () => {
    const first = versions([1, '1'], [2, '2'])
    expect(irreversibleAfter([], { rollouts: [rollout(2)], applies: [], first })).toEqual([
      change(2, 'the task of gate migrate was started by prod-web-2'),
    ])
  })

  it.each([
    ['can be undone', { gate: migrate() }],
    ['says so', { gate: migrate(false) }],
    ['was only looked for', { task: { token: 't', isClear: true } }],
  ])('is nothing where the task %s', (_what, given) => {
    const rollouts = [rollout(2, given)]
    expect(irreversibleAfter([], { rollouts, applies: [], first: new Map() })).toEqual([])
  })

  it('belongs to the version, however often it is tried', () => {
    const first = versions([1, '1'], [2, '2'], [3, '2'])
    const [found] = irreversibleAfter([], { rollouts: [rollout(3, { version: '2' })], applies: [], first })
    expect(found?.before).toBe(2)
  })

  it('is an apply that destroys, before the first version that began after it', () => {
    const apply = { commit, at: '2026-01-01T00:00:00Z', resources: ['replace aws_db_instance.main'] }
    const first = versions([1, '1'], [2, '2'])
    const seen = { rollouts: [rollout(2, { gate: migrate() })], applies: [apply], first }
    const what = 'Terraform was let replace aws_db_instance.main'
    expect(irreversibleAfter([], seen)).toEqual([{ what, at: apply.at, commit, before: 2 }])
    const unknown = { rollouts: [rollout(2)], applies: [{ ...apply, at: LATER }], first }
    expect(irreversibleAfter([], unknown).at(-1)).toEqual({ what, at: LATER, commit, before: 3 })
  })

  it('is remembered as it was seen first, and is not told twice', () => {
    const known = [change(7, 'the task of gate migrate was started by prod-web-2')]
    const first = versions([2, '2'])
    expect(irreversibleAfter(known, { rollouts: [rollout(2)], applies: [], first })).toBe(known)
  })

  it('is the newest twenty', () => {
    const applies = Array.from({ length: 30 }, (_, day) => ({
      commit,
      at: `2026-02-${String(day + 1).padStart(2, '0')}T00:00:00Z`,
      resources: ['destroy aws_sqs_queue.old'],
    }))
    const kept = irreversibleAfter([change(1)], { rollouts: [], applies, first: new Map() })
    expect(kept).toHaveLength(20)
    expect(kept.at(-1)?.at).toBe('2026-02-30T00:00:00Z')
  })
})

describe('a way back', () => {
  const first = versions([1, '1'], [2, '2'], [3, '3'], [4, '1'])
  const since = (number: number, version: string, live = 'arn:3') =>
    changesSince([change(2)], { target: { number, taskDefinition: `arn:${version}` }, live, first })

  it.each([
    ['a version before it', 1, '1', 1],
    ['that version brought back since', 4, '1', 1],
    ['the version that came with it', 2, '2', 0],
    ['what serves', 3, '3', 0],
  ])('to %s', (_what, number, version, count) => {
    expect(since(number, version)).toHaveLength(count)
  })

  it('to a rollout that is not known any more goes by its number', () => {
    const target = { number: 1, taskDefinition: undefined }
    expect(changesSince([change(2)], { target, live: 'arn:3', first })).toHaveLength(1)
  })

  it('was gone where a newer version than the one that serves had it done', () => {
    expect(changesBeyond([change(2)], { live: 'arn:1', first })).toEqual([change(2)])
    expect(changesBeyond([change(2)], { live: 'arn:2', first })).toEqual([])
    expect(changesBeyond([change(9)], { live: 'arn:1', first })).toEqual([])
    expect(changesBeyond([change(2)], { live: undefined, first })).toEqual([])
  })

  it('of a running rollout leaves its own tasks, and what was destroyed for it', () => {
    const running = rollout(3)
    const back = { ...running, spec: { ...running.spec, from: { side: 'blue', rollout: 'prod-web-2' } } }
    const known = [change(2, 'older'), change(3, 'Terraform was let destroy aws_sqs_queue.old')]
    const origin = { ...back.spec.from, taskDefinition: 'arn:2' }
    const turned = { ...back, spec: { ...back.spec, from: origin } } as RolloutState
    expect(describeChanges(changesLeft(turned, known))).toBe(
      `Terraform was let destroy aws_sqs_queue.old at ${AT} for commit cccccccccccc; the task of gate migrate was started by prod-web-3 at ${AT} for commit cccccccccccc`,
    )
    expect(changesLeft({ ...back, spec: { ...back.spec, from: { side: 'none' } } }, known)).toEqual([])
  })
})
