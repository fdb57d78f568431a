import { describe, expect, test } from 'vitest'
import { ecsWorld } from '../support/ecs-world.ts'

const role = { RoleArn: 'arn:aws:iam::123456789012:role/steersman-prod', RoleSessionName: 'controller' }
const token = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`

describe('STS', () => {
  test('gives credentials that name their role, and knows them again until they expire', () => {
    const aws = ecsWorld()
    const assumed = aws.call('sts', 'AssumeRole', { ...role, DurationSeconds: '900' })
    const { AccessKeyId } = assumed['Credentials'] as { AccessKeyId: string }
    expect(AccessKeyId).toMatch(/^ASIA[0-9A-F]{12}steersman_prod$/)
    expect(aws.call('sts', 'GetCallerIdentity', {}, AccessKeyId)).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:sts::123456789012:assumed-role/steersman-prod/controller',
    })
    aws.clock.advance(900_000)
    expect(() => aws.call('sts', 'GetCallerIdentity', {}, AccessKeyId)).toThrow(
      expect.objectContaining({ code: 'ExpiredToken' }),
    )
    expect(() => aws.call('ecs', 'ListClusters', {}, AccessKeyId)).toThrow(
      expect.objectContaining({ code: 'ExpiredTokenException' }),
    )
  })

  test('takes a web identity token that has not expired', () => {
    const aws = ecsWorld()
    const now = aws.clock.now() / 1000
    const assume = (WebIdentityToken: string) =>
      aws.call('sts', 'AssumeRoleWithWebIdentity', { ...role, WebIdentityToken })
    expect(assume(token({ sub: 'pod', exp: now + 60 }))['SubjectFromWebIdentityToken']).toBe('pod')
    expect(() => assume(token({ exp: now - 60 }))).toThrow(
      expect.objectContaining({ code: 'ExpiredTokenException' }),
    )
    expect(() => assume('a.%%%.b')).toThrow(expect.objectContaining({ code: 'InvalidIdentityToken' }))
    expect(() => assume('')).toThrow(expect.objectContaining({ code: 'ValidationError' }))
  })

  test.each([[{ RoleArn: 'steersman' }], [{ RoleSessionName: 'with space' }], [{ DurationSeconds: '60' }]])(
    'refuses %j',
    (change) => {
      expect(() => ecsWorld().call('sts', 'AssumeRole', { ...role, ...change })).toThrow(
        expect.objectContaining({ code: 'ValidationError' }),
      )
    },
  )

  test('refuses roles that were not created where the sandbox is strict', () => {
    const aws = ecsWorld({ strict: true })
    expect(() => aws.call('sts', 'AssumeRole', role)).toThrow(
      expect.objectContaining({ code: 'AccessDenied' }),
    )
    aws.call('iam', 'CreateRole', { RoleName: 'steersman-prod', AssumeRolePolicyDocument: '{}' })
    expect(aws.call('sts', 'AssumeRole', role)).toHaveProperty('Credentials')
  })
})
