import { describe, expect, it } from 'vitest'
import { withDestroying } from '../../../controller/core/infrastructure/destroyed.ts'
import { judge, resourceChange } from './plans.ts'

const apply = { commit: 'c'.repeat(40), at: '2026-01-01T00:00:00Z' }

describe('an apply', () => {
  it('that replaces or destroys is kept with what it does to which resource', () => {
    const judgement = judge([
      resourceChange('aws_db_instance', ['delete', 'create'], { before: { id: 'a' }, after: { id: 'a' } }),
      resourceChange('aws_sqs_queue', ['delete'], { before: { id: 'q' } }),
      resourceChange('aws_s3_bucket', ['create'], { after: { id: 'b' } }),
    ])
    expect(withDestroying(undefined, apply, judgement)).toEqual([
      {
        ...apply,
        resources: [
          expect.stringMatching(/^replace aws_db_instance\./) as string,
          expect.stringMatching(/^destroy aws_sqs_queue\./) as string,
        ],
      },
    ])
  })

  it('that only adds, or registers another revision beside the old one, changes nothing', () => {
    const kept = { skip_destroy: true }
    const judgement = judge([
      resourceChange('aws_s3_bucket', ['create'], { after: { id: 'b' } }),
      resourceChange('aws_ecs_task_definition', ['delete', 'create'], { before: kept, after: kept }),
    ])
    expect(withDestroying(undefined, apply, judgement)).toBeUndefined()
  })

  it('is forgotten after twenty others', () => {
    const judgement = judge([resourceChange('aws_sqs_queue', ['delete'], { before: { id: 'q' } })])
    const known = Array.from({ length: 20 }, (_, index) => ({
      ...apply,
      at: String(index),
      resources: ['x'],
    }))
    const after = withDestroying(known, apply, judgement)
    expect(after).toHaveLength(20)
    expect([after?.[0]?.at, after?.at(-1)?.at]).toEqual(['1', apply.at])
  })
})
