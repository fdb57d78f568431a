import { describe, expect, it } from 'vitest'
import { keptOutputs, taskDefinitionOutput } from '../../../controller/core/infrastructure/outputs.ts'
import { planId } from '../../../controller/core/infrastructure/plan-id.ts'
import {
  imageOfText,
  imageText,
  terraformVariables,
} from '../../../controller/core/infrastructure/variables.ts'
import { planOf, resourceChange } from './plans.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`
const web = { repository: 'registry:5000/shop/web', tag: 'v1', digest: DIGEST }
const api = { repository: 'registry:5000/shop/api', digest: DIGEST }

describe('What Terraform is given', () => {
  it('is only what the root declares', () => {
    const given = { environment: 'prod', images: { web, api } }
    expect(terraformVariables({ ...given, declared: [] })).toEqual({})
    expect(terraformVariables({ ...given, declared: ['images', 'other'] })).toEqual({
      images: { web: `registry:5000/shop/web@${DIGEST}`, api: `registry:5000/shop/api@${DIGEST}` },
    })
    expect(terraformVariables({ ...given, declared: ['environment'] })).toEqual({ environment: 'prod' })
  })

  it.each([
    ['one image with a tag', { web }, { image_tag: 'v1' }],
    ['one without', { api }, {}],
    ['several', { web, api }, {}],
    ['none', {}, {}],
  ])('has image_tag for %s: %j', (_, images, expected) => {
    expect(terraformVariables({ declared: ['image_tag'], environment: 'prod', images })).toEqual(expected)
  })

  it.each([web, api])('is remembered as a text that means the same: %j', (image) => {
    expect(imageOfText(imageText(image))).toEqual(image)
  })

  it.each(['', 'web', 'web:v1', `web@sha256:${'a'.repeat(63)}`])(
    'and no other text is an image: %j',
    (text) => {
      expect(imageOfText(text)).toBeUndefined()
    },
  )
})

describe('An output that names a task definition', () => {
  const arn = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/prod-web:7'

  it('is taken as it is', () => {
    expect(taskDefinitionOutput({ web: arn } as never, 'web')).toEqual({ kind: 'Value', value: arn })
  })

  it.each([
    [
      'is missing',
      { other: 'x', more: 'y' },
      'OutputMissing',
      'has no output web that is neither sensitive nor longer than 16 KiB (it has more, other)',
    ],
    ['is missing altogether', undefined, 'OutputMissing', 'it has none that are not sensitive'],
    ['is inherited', {}, 'OutputMissing', 'toString', 'toString'],
    ['is a list', { web: [arn] }, 'OutputInvalid', 'is no text'],
    ['has no revision', { web: arn.replace(':7', '') }, 'OutputInvalid', 'no ARN of a task definition'],
    ['is something else', { web: 'prod-web' }, 'OutputInvalid', 'no ARN of a task definition'],
  ])('that %s stalls its release', (...[, outputs, reason, message, name = 'web']) => {
    const answer = taskDefinitionOutput(outputs as never, name)
    expect(answer).toMatchObject({ kind: 'Stalled', reason })
    expect(answer.kind === 'Stalled' && answer.message).toContain(message)
  })
})

describe('The outputs that are kept', () => {
  it('are those that are short enough, and not too many', () => {
    const long = 'x'.repeat(20_000)
    expect(keptOutputs({ a: 'b', long, list: [long], n: null, u: undefined })).toEqual({ a: 'b', n: null })
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`o${index}`, index]))
    expect(Object.keys(keptOutputs(many))).toHaveLength(500)
  })
})

describe('The id of a plan', () => {
  const change = (after: object, address = 'a'): unknown =>
    resourceChange('aws_db_instance', ['update'], {
      address,
      before: { class: 's' },
      after: { class: 's', ...after },
    })

  it('is that of another plan which would do the same', () => {
    const one = planOf([change({ size: 1 }), change({ size: 2 }, 'b')], { timestamp: '1' })
    const other = planOf(
      [
        change({ size: 2, latest_restorable_time: 'later' }, 'b'),
        change({ size: 1 }),
        resourceChange('aws_vpc', ['no-op']),
      ],
      { timestamp: '2' },
    )
    expect(planId(other)).toBe(planId(one))
  })

  it.each([
    ['another value', planOf([change({ size: 9 })])],
    ['another address', planOf([change({ size: 1 }, 'b')])],
    ['one more change', planOf([change({ size: 1 }), change({ size: 1 }, 'b')])],
    ['an output', planOf([change({ size: 1 })], { output_changes: { o: { actions: ['create'] } } })],
  ])('changes with %s', (_, plan) => {
    expect(planId(plan)).not.toBe(planId(planOf([change({ size: 1 })])))
  })

  it('is none for a plan that is not understood', () => {
    expect(planId({ format_version: '9' })).toBeUndefined()
  })
})
