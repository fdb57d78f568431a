import { describe, expect, it } from 'vitest'
import type { Answer, NotifierOptions } from '../../../controller/adapters/notify/notifier.ts'
import { Notifier } from '../../../controller/adapters/notify/notifier.ts'
import type { SteersmanEvent } from '../../../controller/core/event.ts'
import { isSigned } from '../../../controller/core/webhook/signature.ts'
import type { EnvironmentSpec, Notification } from '../../../controller/resources/generated/environment.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const SLACK = 'https://hooks.slack.test/services/T/B/secret'
const HOOK = 'https://hook.acme.test/steersman'
const slack: Notification = { slack: { webhookFrom: { env: 'SLACK_URL' } }, on: ['Failed', 'RolledBack'] }
const hook: Notification = { webhook: { urlFrom: { env: 'HOOK_URL' } }, on: ['Drifted', 'Failed'] }
const values: Readonly<Record<string, string>> = { SLACK_URL: SLACK, HOOK_URL: HOOK, KEY: 'swordfish' }

const condition = (name: string): SteersmanEvent => ({
  type: 'ConditionChanged',
  environment: 'prod',
  release: 'web',
  condition: name,
  status: true,
  reason: 'ByHand',
  message: 'swordfish leaked',
})
const failed: SteersmanEvent = {
  type: 'RolloutFinished',
  environment: 'prod',
  release: 'web',
  rollout: 'prod-web-7',
  outcome: 'RolledBack',
  reason: 'GateFailed',
  message: 'no',
  strategy: 'BlueGreen',
  durationMs: 1,
  waitMs: 0,
  commitToTrafficMs: undefined,
}

type Sent = Parameters<NotifierOptions['post']>[0]

function town({
  notify = [slack, hook],
  answers = [],
  spec = {},
}: { notify?: Notification[]; answers?: Answer[]; spec?: Partial<EnvironmentSpec> } = {}) {
  const clock = new FakeClock()
  const sent: Sent[] = []
  const told: SteersmanEvent[] = []
  const notifier = new Notifier({
    clock,
    specOf: async (name) => (name === 'prod' ? { notify, ...spec } : undefined),
    secret: async ({ env = '' }) => {
      const value = values[env]
      if (value === undefined) throw new Error(`the variable ${env} is not set`)
      return value
    },
    redact: (text) => text.replaceAll('swordfish', '***'),
    post: async (request) => {
      sent.push(request)
      return answers.shift() ?? { status: 200 }
    },
    telemetry: { emit: (event) => told.push(event) },
  })
  const passes = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 500) await clock.advance(Math.min(500, left))
  }
  return {
    clock,
    sent,
    told,
    notifier,
    emit: (event: SteersmanEvent) => notifier.telemetry.emit(event),
    passes,
  }
}

describe('a notifier', () => {
  it('tells each receiver what it asked for, once', async () => {
    const { emit, passes, sent, told } = town()
    emit(failed)
    await passes(1_000)
    expect(sent.map(({ url }) => url)).toEqual([SLACK, HOOK])
    emit(condition('Drifted'))
    await passes(1_000)
    expect(sent.map(({ url }) => url)).toEqual([SLACK, HOOK, HOOK])
    emit(condition('Held'))
    await passes(1_000)
    expect(sent).toHaveLength(3)
    expect(told.map((event) => event.type === 'Notified' && `${event.receiver} ${event.result}`)).toEqual([
      'slack Sent',
      'webhook Sent',
      'webhook Sent',
    ])
  })

  it('keeps secrets out of what it says', async () => {
    const { emit, passes, sent } = town()
    emit(condition('Drifted'))
    await passes(1_000)
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({ message: '*** leaked' })
  })

  it('signs what it sends to a receiver of JSON as gates do, and not what goes to Slack', async () => {
    const { emit, passes, sent, clock } = town({ spec: { webhookSecretFrom: { env: 'KEY' } } })
    const nowMs = clock.now()
    emit(failed)
    await passes(500)
    const [toSlack, toHook] = sent
    expect(toSlack?.headers).not.toHaveProperty('steersman-signature')
    const { body = '', headers = {} } = toHook ?? {}
    const delivery = { sender: 'generic', headers, body: Buffer.from(body) } as const
    expect(isSigned(delivery, { secret: 'swordfish', nowMs })).toBe(true)
  })

  it.each([
    [[{ status: 503 }, { why: 'no answer (ECONNREFUSED)' }, { status: 200 }], 3, 'Sent', ''],
    [[{ status: 429 }, { status: 200 }], 2, 'Sent', ''],
    [[{ status: 404 }], 1, 'Failed', 'it answered 404'],
    [[{ status: 302 }], 1, 'Failed', 'it answered 302'],
    [
      Array.from({ length: 4 }, () => ({ why: 'no answer (ENOTFOUND)' })),
      4,
      'Failed',
      'no answer (ENOTFOUND)',
    ],
  ] as [Answer[], number, string, string][])(
    'tries again where that may help: %j',
    async (answers, tries, result, message) => {
      const { emit, passes, sent, told } = town({ notify: [hook], answers })
      emit(failed)
      await passes(80_000)
      expect(sent).toHaveLength(tries)
      expect(told).toMatchObject([
        { type: 'Notified', about: 'Failed', receiver: 'webhook', result, message },
      ])
    },
  )

  it.each([
    ['NOTHING', 'the variable NOTHING is not set'],
    ['KEY', 'its address is no http or https URL'],
  ])('says of a receiver whose address is in %s why it was not told', async (env, message) => {
    const { emit, passes, sent, told } = town({ notify: [{ webhook: { urlFrom: { env } }, on: ['Failed'] }] })
    emit(failed)
    await passes(80_000)
    expect(sent).toEqual([])
    expect(told).toMatchObject([{ result: 'Failed', message }])
  })

  it('sends one after the other, a second apart, and drops what is too much', async () => {
    const { emit, passes, sent, told } = town({ notify: [hook] })
    for (let count = 0; count < 103; count++) emit(failed)
    expect(told.filter((event) => event.type === 'Notified' && event.result === 'Dropped')).toHaveLength(3)
    await passes(2_500)
    expect(sent.length).toBeGreaterThanOrEqual(2)
    expect(sent.length).toBeLessThanOrEqual(4)
    await passes(110_000)
    expect(sent).toHaveLength(100)
    emit(failed)
    await passes(500)
    expect(sent).toHaveLength(101)
  })

  it('gives up what waits for another try when it is closed, and says so', async () => {
    const { emit, passes, notifier, told } = town({ notify: [hook], answers: [{ status: 503 }] })
    emit(failed)
    emit(failed)
    await passes(500)
    await notifier.close()
    expect(told).toMatchObject([
      { result: 'Failed', message: 'it answered 503; the controller ended before another try' },
    ])
    emit(failed)
    expect(told).toHaveLength(1)
  })

  it('says that nobody was told where the environment can’t be read', async () => {
    const told: SteersmanEvent[] = []
    const clock = new FakeClock()
    const notifier = new Notifier({
      clock,
      specOf: () => Promise.reject(new Error('the store does not answer')),
      secret: async () => '',
      redact: (text) => text,
      post: async () => ({ status: 200 }),
      telemetry: { emit: (event) => told.push(event) },
    })
    notifier.telemetry.emit(failed)
    await clock.advance(1)
    expect(told).toMatchObject([{ receiver: 'all', result: 'Failed', message: 'the store does not answer' }])
  })
})
