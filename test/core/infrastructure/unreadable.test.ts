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

  it.each(['address', 'type', 'mode', 'change'])('a change without its %s', (field) => {
    const change = { ...resourceChange('aws_vpc', ['update']), [field]: undefined }
    expect(verdictOf(planOf([change]))).toBe('Unreadable')
  })

  it.each(['actions', 'before', 'after', 'after_unknown'])('a change whose %s is missing', (field) => {
    const whole = resourceChange('aws_vpc', ['update'])
    const change = { ...whole, change: { ...(whole['change'] as object), [field]: undefined } }
    expect(verdictOf(planOf([change]))).toBe('Unreadable')
  })
})

describe('What is read', () => {
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
