import { describe, expect, it } from 'vitest'
import type { SteersmanEvent } from '../../../controller/core/event.ts'
import { noticeBody, slackBody } from '../../../controller/core/notice/bodies.ts'
import type { Notice } from '../../../controller/core/notice/notice.ts'
import { noticeOf } from '../../../controller/core/notice/notice.ts'

const subject = { environment: 'prod', release: 'web', rollout: 'prod-web-7' }
const finished = (outcome: string): SteersmanEvent => ({
  type: 'RolloutFinished',
  ...subject,
  outcome,
  reason: 'GateFailed',
  message: 'gate smoke ended as Failed',
  strategy: 'BlueGreen',
  durationMs: 1,
  waitMs: 0,
  commitToTrafficMs: undefined,
})
const condition = (name: string, status = true, release: string | null = 'web'): SteersmanEvent => ({
  type: 'ConditionChanged',
  environment: 'prod',
  release: release ?? undefined,
  condition: name,
  status,
  reason: 'Reason',
  message: 'what it is',
})

describe('a notice', () => {
  it.each([
    [
      { type: 'RolloutStarted', ...subject, why: 'Commit', who: 'ann', commit: 'a'.repeat(40), to: 'green' },
      ['Started'],
      'a rollout begins',
      'steersman status prod',
    ],
    [finished('Succeeded'), ['Succeeded'], 'the new version serves', 'steersman history prod/web'],
    [
      finished('RolledBack'),
      ['Failed', 'RolledBack'],
      'the version was refused (GateFailed)',
      'push a mended commit, or try it again: steersman retry prod-web-7',
    ],
    [finished('Aborted'), ['RolledBack'], 'the rollout was aborted', 'steersman history prod/web'],
    [
      { type: 'DecisionAwaited', ...subject, gate: 'sign-off', until: undefined, message: 'asks' },
      ['AwaitingApproval'],
      'gate sign-off waits for a person',
      'steersman approve prod-web-7 or steersman reject prod-web-7',
    ],
    [
      {
        type: 'DecisionAwaited',
        ...subject,
        gate: 'sign-off',
        until: '2026-11-30T12:00:00Z',
        message: 'asks',
      },
      ['AwaitingApproval'],
      'gate sign-off waits for a person until 2026-11-30T12:00:00Z',
      'steersman approve prod-web-7 or steersman reject prod-web-7',
    ],
    [
      condition('Drifted'),
      ['Drifted'],
      'somebody changed something by hand (Reason)',
      'steersman drift prod/web',
    ],
    [condition('Held'), ['Held'], 'nothing new begins (Reason)', 'steersman status prod/web'],
    [
      condition('Stalled', true, null),
      ['Stalled'],
      'it can’t go on by itself (Reason)',
      'steersman status prod',
    ],
  ] as [SteersmanEvent, string[], string, string][])('is made of %j', (event, kinds, title, next) => {
    expect(noticeOf(event)).toMatchObject({ environment: 'prod', kinds, title, next })
  })

  it.each([
    finished('Superseded'),
    condition('Drifted', false),
    condition('Ready'),
    condition('constructor'),
    { type: 'EnvironmentRemoved', environment: 'prod' } as const,
  ])('is not made of %j', (event) => {
    expect(noticeOf(event)).toBeUndefined()
  })
})

describe('its text', () => {
  const notice: Notice = {
    kinds: ['Failed', 'RolledBack'],
    ...subject,
    title: 'the version was refused',
    message: 'answered <b>500</b> & <!channel>',
    next: 'steersman retry prod-web-7',
  }

  it('calls nobody and links nowhere in Slack, whatever a gate answered', () => {
    expect(JSON.parse(slackBody(notice))).toEqual({
      text: [
        '*prod-web-7*: the version was refused',
        'answered &lt;b&gt;500&lt;/b&gt; &amp; &lt;!channel&gt;',
        '`steersman retry prod-web-7`',
      ].join('\n'),
      unfurl_links: false,
    })
  })

  it.each([
    [{ rollout: undefined }, '*prod/web*'],
    [{ rollout: undefined, release: undefined }, '*prod*'],
  ])('says what it is about: %j', (less, begins) => {
    const { text } = JSON.parse(slackBody({ ...notice, ...less })) as { text: string }
    expect(text.startsWith(`${begins}: `)).toBe(true)
  })

  it('has each fact by its name for other receivers', () => {
    expect(JSON.parse(noticeBody(notice, '2026-11-30T12:00:00.000Z'))).toEqual({
      apiVersion: 'steersman.dev/v1alpha1',
      kind: 'Notification',
      at: '2026-11-30T12:00:00.000Z',
      events: ['Failed', 'RolledBack'],
      environment: 'prod',
      release: 'web',
      rollout: 'prod-web-7',
      title: 'the version was refused',
      message: notice.message,
      next: notice.next,
    })
  })

  it('is cut where it is long', () => {
    const { message } = JSON.parse(noticeBody({ ...notice, message: 'm'.repeat(9_000) }, '')) as {
      message: string
    }
    expect(message).toBe(`${'m'.repeat(2_000)}…`)
  })
})
