import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgePlan } from '../../../controller/core/infrastructure/judge.ts'
import { permissionFor } from '../../../controller/core/infrastructure/permission.ts'
import { propertyRuns } from '../../support/property-runs.ts'
import { environmentOf, judge, planOf, resourceChange, told } from './plans.ts'

describe('What follows a plan', () => {
  const safe = [resourceChange('aws_ecs_service', ['create'])]
  const destructive = [resourceChange('aws_db_instance', ['delete'])]
  const traffic = [resourceChange('aws_lb', ['delete'])]
  const wider = [resourceChange('aws_s3_bucket', ['update'], { before: { bucket: 'acme-tfstate' } })]

  it.each([
    ['nothing', [], ['Nothing', 'Nothing', 'Nothing']],
    ['a safe one', safe, ['PlanOnly', 'Apply', 'Apply']],
    ['a destructive one', destructive, ['PlanOnly', 'AwaitApproval', 'Apply']],
    ['one that resets traffic', traffic, ['Refuse', 'Refuse', 'Refuse']],
    ['one that reaches wider', wider, ['Refuse', 'Refuse', 'Refuse']],
    ['one that is not understood', [{}], ['Refuse', 'Refuse', 'Refuse']],
  ] as const)('is, for %s, a matter of the policy Never, Safe, Always', (_, changes, expected) => {
    const judgement = judge(changes)
    expect((['Never', 'Safe', 'Always'] as const).map((apply) => permissionFor(judgement, apply))).toEqual(
      expected,
    )
  })

  it('is a person’s approval for a protected type, also under Always', () => {
    const judgement = judge(destructive, { protect: ['aws_db_instance'] })
    expect(told(judgement)).toEqual([
      'Destructive',
      'Protected: aws_db_instance.web is deleted; aws_db_instance is protected',
    ])
    expect(permissionFor(judgement, 'Always')).toBe('AwaitApproval')
    const more = judge([...destructive, resourceChange('aws_vpc', ['delete'])], {
      protect: ['aws_db_instance'],
    })
    expect(permissionFor(more, 'Always')).toBe('AwaitApproval')
  })
})

describe('A summary', () => {
  it('counts by what is done, and names attributes without values', () => {
    const { summary } = judgePlan(
      planOf(
        [
          resourceChange('aws_ecs_service', ['create']),
          resourceChange('aws_subnet', ['no-op']),
          resourceChange('aws_sqs_queue', ['update'], {
            before: { tags: null, name: 'q' },
            after: { tags: { a: 'b' }, name: 'q' },
          }),
          resourceChange('aws_vpc', ['delete', 'create'], { replacePaths: [['cidr_block']] }),
        ],
        { output_changes: { url: { actions: ['update'] }, same: { actions: ['no-op'] } } },
      ),
      environmentOf(),
    )
    expect(summary).toEqual({
      add: 1,
      change: 1,
      replace: 1,
      destroy: 0,
      forget: 0,
      import: 0,
      move: 0,
      resources: [
        { address: 'aws_ecs_service.web', type: 'aws_ecs_service', action: 'add', attributes: [] },
        { address: 'aws_sqs_queue.web', type: 'aws_sqs_queue', action: 'change', attributes: ['tags'] },
        { address: 'aws_vpc.web', type: 'aws_vpc', action: 'replace', attributes: ['cidr_block'] },
      ],
      outputs: ['url'],
      hasChanges: true,
    })
  })

  it('has a move that changes nothing: without it the object would be replaced later', () => {
    const moved = { ...resourceChange('aws_vpc', ['no-op']), previous_address: 'aws_vpc.old' }
    expect(judge([moved])).toMatchObject({ verdict: 'Safe', summary: { move: 1, hasChanges: true } })
    const same = { ...moved, previous_address: 'aws_vpc.web' }
    expect(judge([same]).summary.hasChanges).toBe(false)
  })

  it('has an import that changes nothing', () => {
    const change = { ...resourceChange('aws_vpc', ['no-op']) }
    const imported = { ...change, change: { ...(change['change'] as object), importing: { id: 'vpc-1' } } }
    expect(judge([imported]).summary).toMatchObject({ import: 1, hasChanges: true })
  })
})

const actions: fc.Arbitrary<readonly string[]> = fc.constantFrom(
  ['create'],
  ['update'],
  ['no-op'],
  ['delete'],
  ['delete', 'create'],
  ['create', 'delete'],
  ['forget'],
)
const types = fc.constantFrom('aws_lb', 'aws_ecs_service', 'aws_db_instance', 'aws_iam_role', 'random_id')

describe('Whatever a plan holds', () => {
  it('it is safe only where nothing is deleted, replaced or let go', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(types, actions), { maxLength: 6 }), (changes) => {
        const { verdict } = judge(changes.map(([type, done]) => resourceChange(type, done)))
        const isHarmless = changes.every(
          ([, done]) => !done.some((each) => each === 'delete' || each === 'forget'),
        )
        expect(verdict === 'Safe').toBe(isHarmless)
      }),
      { numRuns: propertyRuns(200) },
    )
  })

  it('it is never safe by what it says more', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(types, actions), { maxLength: 4 }), types, (changes, type) => {
        const before = changes.map(([each, done]) => resourceChange(each, done))
        const worse = judge([...before, resourceChange(type, ['delete'])])
        expect(worse.verdict).not.toBe('Safe')
      }),
      { numRuns: propertyRuns(100) },
    )
  })
})
