import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgePlan } from '../../../controller/core/infrastructure/judge.ts'
import { propertyRuns } from '../../support/property-runs.ts'
import { environmentOf, planOf, resourceChange } from './plans.ts'

const complete = planOf([
  resourceChange('aws_ecs_service', ['update'], { before: { name: 'a' }, after: { name: 'b' } }),
])

const verdictOf = (plan: unknown): string => judgePlan(plan, environmentOf()).verdict

const ROWS: readonly (readonly [title: string, plan: unknown, message: string])[] = [
  ['no object', 'a text', 'the plan is not a JSON object'],
  ['nothing', null, 'the plan is not a JSON object'],
  ['no version', { ...complete, format_version: undefined }, 'the plan’s format_version is not 1.x'],
  ['a version of the future', { ...complete, format_version: '2.0' }, 'the plan’s format_version is not 1.x'],
  ['an error', { ...complete, errored: true }, 'Terraform says that planning failed (errored)'],
  [
    'parts left out',
    { ...complete, complete: false },
    'Terraform says that the plan leaves something out (complete: false)',
  ],
  ['actions that it invokes', { ...complete, action_invocations: [{}] }, 'the plan invokes actions'],
  ['deferred changes', { ...complete, deferred_changes: [{}] }, 'the plan defers changes'],
  [
    'changes that are no list',
    { ...complete, resource_changes: {} },
    'resource_changes is not a list of at most 20000 entries',
  ],
  [
    'resources, but no changes',
    planOf([], { planned_values: { root_module: { child_modules: [{}] } } }),
    'the plan has resources, but no resource_changes',
  ],
  ['outputs that are no object', { ...complete, output_changes: [] }, 'output_changes is not an object'],
  [
    'an output of another form',
    { ...complete, output_changes: { url: {} } },
    'output_changes.url: actions that are not known',
  ],
  [
    'no configuration',
    { ...complete, configuration: undefined },
    'configuration.provider_config is not an object',
  ],
  [
    'a provider of another form',
    { ...complete, configuration: { provider_config: { aws: [] } } },
    'provider_config.aws is not an object',
  ],
  [
    'an action of the future',
    planOf([resourceChange('aws_vpc', ['create', 'forget'])]),
    'resource_changes[0] (aws_vpc.web): actions that are not known',
  ],
  [
    'a data source that is written',
    planOf([{ ...resourceChange('aws_vpc', ['update']), mode: 'data' }]),
    'resource_changes[0] (aws_vpc.web): a data source that is written',
  ],
]

describe('A plan is unreadable, and never safe, with', () => {
  it.each(ROWS)('%s', (_, plan, message) => {
    const judgement = judgePlan(plan, environmentOf())
    expect(judgement.verdict).toBe('Unreadable')
    expect(judgement.reasons.map((reason) => reason.message)).toContain(message)
  })

  it.each([
    ['address', undefined, 'resource_changes[0]: no address'],
    ['address', '', 'resource_changes[0] (): no address'],
    ['type', undefined, 'resource_changes[0] (aws_vpc.web): no type'],
    ['type', '', 'resource_changes[0] (aws_vpc.web): no type'],
    ['mode', undefined, 'resource_changes[0] (aws_vpc.web): a mode that is not known'],
    ['change', undefined, 'resource_changes[0] (aws_vpc.web): no change'],
  ])('a change whose %s is %j', (field, value, message) => {
    const change = { ...resourceChange('aws_vpc', ['update']), [field]: value }
    expect(judgePlan(planOf([change]), environmentOf()).reasons.map((reason) => reason.message)).toEqual([
      message,
    ])
  })

  it('a change that is none', () => {
    expect(judgePlan(planOf([7]), environmentOf()).reasons).toMatchObject([
      { message: 'resource_changes[0]: not an object', rule: 'UnknownShape', address: '', attributes: [] },
    ])
  })

  it.each([
    ['update', 'before', 'no before'],
    ['delete', 'before', 'no before'],
    ['update', 'after', 'no after'],
    ['create', 'after', 'no after'],
    ['no-op', 'after', 'no after'],
    ['read', 'after', 'no after'],
  ])('%s that has nothing as its %s', (action, field, message) => {
    const whole = resourceChange('aws_vpc', [action])
    const change = { ...whole, change: { ...(whole['change'] as object), [field]: null } }
    expect(judgePlan(planOf([change]), environmentOf()).reasons.map((reason) => reason.message)).toEqual([
      `resource_changes[0] (aws_vpc.web): ${message}`,
    ])
  })

  it.each(['2.1', '11.2', '1', '1.', '1.2.3', 'v1.2', '1.x', 1.2])('format version %j', (version) => {
    expect(verdictOf({ ...complete, format_version: version })).toBe('Unreadable')
  })

  it('no more problems than a person would read', () => {
    expect(judgePlan(planOf(Array.from({ length: 50 }, () => 7)), environmentOf()).reasons).toHaveLength(20)
  })

  it.each(['actions', 'before', 'after', 'after_unknown'])('a change whose %s is missing', (field) => {
    const whole = resourceChange('aws_vpc', ['update'])
    const change = { ...whole, change: { ...(whole['change'] as object), [field]: undefined } }
    expect(verdictOf(planOf([change]))).toBe('Unreadable')
  })
})

describe('What is read', () => {
  it.each(['1.0', '1.2', '1.10'])('is format version %s', (version) => {
    expect(verdictOf({ ...complete, format_version: version })).toBe('Safe')
  })

  it('is a plan of a Terraform that did not say yet whether it is complete', () => {
    expect(verdictOf({ ...complete, errored: undefined, complete: undefined })).toBe('Safe')
    expect(verdictOf({ ...complete, errored: null, complete: null })).toBe('Safe')
  })

  it.each([
    { root_module: { resources: [], child_modules: [] } },
    { root_module: { resources: {} } },
    { root_module: null },
    null,
  ])('is a plan without changes and with planned values %j', (values) => {
    expect(verdictOf(planOf([], { planned_values: values }))).toBe('Safe')
  })

  it('is not a plan whose resources have no changes, at the top or below', () => {
    expect(verdictOf(planOf([], { planned_values: { root_module: { resources: [{}] } } }))).toBe('Unreadable')
  })

  it.each(['delete', 'no-op'])('is a data source that is %s', (action) => {
    expect(verdictOf(planOf([{ ...resourceChange('aws_vpc', [action]), mode: 'data' }]))).toBe('Safe')
  })

  it('of the paths that force a replace are the names', () => {
    const paths = [['b', 0, 'x'], ['a'], [1], 'text', ['b']] as unknown as readonly (readonly string[])[]
    const change = resourceChange('aws_vpc', ['delete', 'create'], { replacePaths: paths })
    expect(judgePlan(planOf([change]), environmentOf()).reasons).toMatchObject([{ attributes: ['a', 'b'] }])
  })

  it('are data sources, which change nothing', () => {
    const data = { ...resourceChange('aws_vpc', ['read'], { before: {} }), mode: 'data' }
    expect(judgePlan(planOf([data]), environmentOf())).toMatchObject({
      verdict: 'Safe',
      summary: { hasChanges: false },
    })
  })

  it('throws for nothing, and is safe only as a plan', () => {
    fc.assert(
      fc.property(fc.anything(), (plan) => {
        expect(verdictOf(plan)).toBe('Unreadable')
      }),
      { numRuns: propertyRuns(300) },
    )
  })

  it('throws for nothing where a plan should have its changes', () => {
    fc.assert(
      fc.property(fc.array(fc.anything(), { minLength: 1, maxLength: 4 }), (changes) => {
        expect(verdictOf(planOf(changes))).toBe('Unreadable')
      }),
      { numRuns: propertyRuns(300) },
    )
  })
})
