import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Delivery } from '../../../controller/core/webhook/delivery.ts'
import { isSigned } from '../../../controller/core/webhook/signature.ts'

const body = Buffer.from('Hello, World!')
const secret = "It's a Secret to Everybody"
const nowMs = Date.parse('2026-11-30T12:00:00Z')
/** GitHub's own example: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation */
const example = '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'

const isTaken = (delivery: Omit<Delivery, 'body'>, given = secret): boolean =>
  isSigned({ body, ...delivery }, { secret: given, nowMs })

const signedAt = (seconds: number, by = secret): string =>
  `t=${seconds},v1=${createHmac('sha256', by).update(`${seconds}.${body.toString()}`).digest('hex')}`

describe('a webhook', () => {
  it.each([
    ['github', { 'x-hub-signature-256': `sha256=${example}` }, true],
    ['github', { 'x-hub-signature-256': `sha256=${example.replace('7', '8')}` }, false],
    ['github', { 'x-hub-signature-256': example }, false],
    ['github', { 'x-hub-signature-256': '' }, false],
    ['github', { 'x-gitlab-token': secret }, false],
    ['github', {}, false],
    ['gitlab', { 'x-gitlab-token': secret }, true],
    ['gitlab', { 'x-gitlab-token': `${secret} ` }, false],
    ['gitlab', { 'x-hub-signature-256': `sha256=${example}` }, false],
    ['gitlab', {}, false],
    ['generic', { 'steersman-signature': signedAt(nowMs / 1_000) }, true],
    ['generic', { 'steersman-signature': signedAt(nowMs / 1_000 - 300) }, true],
    ['generic', { 'steersman-signature': signedAt(nowMs / 1_000 + 300) }, true],
    ['generic', { 'steersman-signature': signedAt(nowMs / 1_000 - 301) }, false],
    ['generic', { 'steersman-signature': signedAt(nowMs / 1_000 + 301) }, false],
    ['generic', { 'steersman-signature': signedAt(nowMs / 1_000, 'another') }, false],
    ['generic', { 'steersman-signature': `sha256=${example}` }, false],
    ['generic', {}, false],
  ] as const)('of %s with %j: %s', (sender, headers, expected) => {
    expect(isTaken({ sender, headers })).toBe(expected)
  })

  it.each(['github', 'gitlab', 'generic'] as const)('of %s is not signed with an empty secret', (sender) => {
    const headers = {
      'x-hub-signature-256': `sha256=${createHmac('sha256', '').update(body).digest('hex')}`,
      'x-gitlab-token': '',
      'steersman-signature': signedAt(nowMs / 1_000, ''),
    }
    expect(isTaken({ sender, headers }, '')).toBe(false)
  })
})
