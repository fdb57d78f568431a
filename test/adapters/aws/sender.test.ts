import { describe, expect, it, onTestFinished } from 'vitest'
import { createAwsLimits } from '../../../controller/adapters/aws/client/limits.ts'
import { createSender } from '../../../controller/adapters/aws/client/sender.ts'
import type { SteersmanEvent } from '../../../controller/core/event.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const place = { accountId: '123456789012', region: 'eu-west-1' }

function makeSender(clock: FakeClock, limits = createAwsLimits(clock), random = 0.5) {
  const events: SteersmanEvent[] = []
  const closing = new AbortController()
  const counts = { written: 0, expired: 0 }
  const send = createSender({
    ...place,
    owner: 'demo',
    limits: limits.of(place),
    clock,
    random: { next: () => random },
    telemetry: { emit: (event) => events.push(event) },
    callTimeoutMs: 5_000,
    closing: closing.signal,
    onWritten: () => (counts.written += 1),
    onExpired: () => (counts.expired += 1),
  })
  return { send, events, closing, counts, limits }
}

const throttling = (): Error => Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' })
const failure = (): Error =>
  Object.assign(new Error('oh'), { name: 'ServerException', $metadata: { httpStatusCode: 500 } })
const settled = <Value>(promise: Promise<Value>): Promise<unknown> => promise.catch((error: unknown) => error)

describe('the sender', () => {
  it('tells each call with its name, outcome, duration and attempts', async () => {
    const clock = new FakeClock()
    const { send, events } = makeSender(clock)
    const call = send('ecs:DescribeServices', () => clock.sleep(120).then(() => 'answer'))
    await clock.advance(1_000)
    expect(await call).toBe('answer')
    expect(events).toEqual([
      {
        type: 'AwsCall',
        service: 'ecs',
        operation: 'DescribeServices',
        code: 'OK',
        durationMs: 120,
        attempts: 1,
      },
    ])
  })

  it('attempts a read four times, with a growing pause drawn by chance', async () => {
    const clock = new FakeClock()
    const { send, events } = makeSender(clock)
    const startedAt: number[] = []
    const call = settled(
      send('ecs:ListTasks', () => {
        startedAt.push(clock.monotonic())
        return Promise.reject(failure())
      }),
    )
    await clock.advance(60_000)
    expect(await call).toMatchObject({ code: 'AwsUnavailable', ambiguous: false })
    expect(startedAt).toEqual([0, 100, 300, 700])
    expect(events).toMatchObject([{ type: 'AwsCall', code: 'ServerException', attempts: 4 }])
  })

  it('does not repeat a read that a person has to mend', async () => {
    const clock = new FakeClock()
    const { send, events } = makeSender(clock)
    const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' })
    expect(await settled(send('ecs:ListTasks', () => Promise.reject(denied)))).toMatchObject({
      code: 'AccessDenied',
    })
    expect(events).toMatchObject([{ attempts: 1, code: 'AccessDeniedException' }])
  })

  it('leaves nothing behind of an attempt that throws before it is under way', async () => {
    const clock = new FakeClock()
    const { send } = makeSender(clock)
    const unhandled: unknown[] = []
    const note = (error: unknown): void => void unhandled.push(error)
    process.on('unhandledRejection', note)
    onTestFinished(() => void process.off('unhandledRejection', note))
    const call = settled(
      send('ecs:UpdateService', () => {
        throw new Error('a client that could not be put together')
      }),
    )
    expect(await call).toMatchObject({
      message: expect.stringContaining('could not be put together') as unknown,
    })
    await clock.advance(60_000)
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled).toEqual([])
  })

  it('attempts a write once and says that it may have happened', async () => {
    const clock = new FakeClock()
    const { send, events, counts } = makeSender(clock)
    const call = settled(send('ecs:UpdateService', () => Promise.reject(failure())))
    expect(await call).toMatchObject({ handling: 'retry', ambiguous: true })
    expect(events).toMatchObject([{ attempts: 1 }])
    expect(counts.written).toBe(1)
  })

  it.each(['ecs:UpdateService', 'ecs:ListTasks'] as const)(
    'ends a hanging attempt of %s and its request',
    async (operation) => {
      const clock = new FakeClock()
      const { send } = makeSender(clock)
      const signals: AbortSignal[] = []
      const call = settled(
        send(operation, ({ abortSignal }) => {
          signals.push(abortSignal)
          return new Promise(() => {})
        }),
      )
      await clock.advance(60_000)
      expect(await call).toMatchObject({ code: 'TimedOut', ambiguous: operation === 'ecs:UpdateService' })
      expect(signals.every(({ aborted }) => aborted)).toBe(true)
      expect(signals).toHaveLength(operation === 'ecs:UpdateService' ? 1 : 4)
      expect(clock.pending).toBe(0)
    },
  )

  it('counts the wait for its turn into the time of a write, and gives up before it is too late to answer', async () => {
    const clock = new FakeClock()
    const { send, events, limits } = makeSender(clock)
    const bucket = limits.of(place)('EcsTaskDefinitionWrites')
    const others = Array.from({ length: 21 }, () => bucket.take('other', { maxWaitMs: 600_000 }))
    const waited = settled(send('ecs:RegisterTaskDefinition', () => new Promise(() => {})))
    await clock.advance(5_000)
    expect(await waited).toMatchObject({ code: 'TimedOut', ambiguous: true })
    others.push(...Array.from({ length: 30 }, () => bucket.take('demo', { maxWaitMs: 600_000 })))
    const refused = settled(send('ecs:RegisterTaskDefinition', () => Promise.resolve()))
    await clock.advance(2_500)
    expect(await refused).toMatchObject({ code: 'Throttled', ambiguous: false })
    expect(events.filter(({ type }) => type === 'AwsCall')).toHaveLength(1)
    await clock.advance(60_000)
    await Promise.all(others)
  })

  it('tells a throttle and slows the bucket that all senders of the account share', async () => {
    const clock = new FakeClock()
    const limits = createAwsLimits(clock)
    const { send, events } = makeSender(clock, limits)
    expect(
      await settled(send('elasticloadbalancing:ModifyRule', () => Promise.reject(throttling()))),
    ).toMatchObject({
      code: 'Throttled',
      ambiguous: false,
    })
    expect(events).toMatchObject([
      { type: 'AwsThrottled', service: 'elasticloadbalancing', operation: 'ModifyRule' },
      { type: 'AwsCall', code: 'ThrottlingException' },
    ])
    expect(limits.of(place)('ElbWrites').ratePerSecond).toBe(1.5)
    expect(limits.of(place)('ElbReads').ratePerSecond).toBe(10)
    expect(limits.of({ ...place, region: 'us-east-1' })('ElbWrites').ratePerSecond).toBe(3)
  })

  it('asks for new credentials when AWS says that they are expired', async () => {
    const { send, counts } = makeSender(new FakeClock())
    const expired = Object.assign(new Error('x'), { name: 'ExpiredTokenException' })
    await settled(send('ecs:ListTasks', () => Promise.reject(expired)))
    expect(counts.expired).toBe(1)
  })

  it('ends what waits and what is under way when it is closed', async () => {
    const clock = new FakeClock()
    const { send, closing } = makeSender(clock)
    const write = settled(send('ecs:UpdateService', () => new Promise(() => {})))
    const retried = settled(send('ecs:ListTasks', () => Promise.reject(failure())))
    await clock.advance(1)
    closing.abort(new Error('closing'))
    expect(await write).toMatchObject({ ambiguous: true })
    expect(await retried).toMatchObject({ message: 'closing' })
    expect(await settled(send('ecs:ListTasks', () => Promise.resolve()))).toMatchObject({
      message: 'closing',
    })
    expect(clock.pending).toBe(0)
  })
})
