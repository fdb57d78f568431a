import { describe, expect, it } from 'vitest'
import { Served, type Answer } from '../../../scripts/soak/served.ts'

const answer = (version: string, sentAt: number, more: Partial<Answer> = {}): Answer => ({
  sentAt,
  answeredAt: sentAt + 10,
  status: 200,
  version,
  error: undefined,
  ...more,
})

function judged(...answers: readonly Answer[]): Served {
  const served = new Served()
  served.watch('v2')
  served.letIn('v2', 100)
  served.refuse('v2', 200)
  for (const one of answers) served.add(one)
  return served
}

describe('an answer', () => {
  it.each([
    ['of another version', answer('v1', 500), 0],
    ['while the version is let in', answer('v2', 150), 0],
    ['that was under way when it was refused', answer('v2', 195), 0],
    ['that was under way when it was let in', answer('v2', 95), 0],
    ['that was sent for after it was refused', answer('v2', 201), 1],
    ['that came before it was let in', answer('v2', 50), 1],
  ])('%s', (_what, one, refusedServed) => {
    expect(judged(one)).toMatchObject({ requests: 1, failed: 0, refusedServed })
  })

  it.each([
    ['that is not 200', answer('v1', 50, { status: 502 })],
    ['that never came', answer('v1', 50, { status: 0, version: undefined, error: 'reset' })],
  ])('%s has failed', (_what, one) => {
    expect(judged(one)).toMatchObject({ requests: 1, failed: 1, refusedServed: 0 })
  })

  it('of a version that is refused before it had any weight is wrong at any time', () => {
    const served = new Served()
    served.watch('v3')
    served.refuse('v3', 100)
    served.add(answer('v3', 50))
    served.add(answer('v3', 150))
    expect(served.refusedServed).toBe(2)
  })

  it('does not count as good because the version got weight once more after it was refused', () => {
    const served = judged()
    served.letIn('v2', 300)
    served.add(answer('v2', 310))
    expect(served.refusedServed).toBe(1)
  })

  it('is told when it is wrong, the first few alone', () => {
    const served = judged(...Array.from({ length: 100 }, () => answer('v2', 230)))
    expect(served.refusedServed).toBe(100)
    expect(served.complaints).toHaveLength(20)
    expect(served.complaints[0]).toBe('status 200, version v2: it was refused 30 ms before')
  })
})
