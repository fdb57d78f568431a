import { describe, expect, test } from 'vitest'
import { ecsWorld } from '../support/ecs-world.ts'

function world() {
  const aws = ecsWorld()
  const logs = (operation: string, input = {}) => aws.call('logs', operation, input)
  const see = (input = {}) => logs('DescribeLogGroups', input)['logGroups']
  return { aws, logs, see }
}

const logGroupName = '/ecs/web'
const refused = (code: string) => expect.objectContaining({ code }) as Error

describe('CloudWatch Logs', () => {
  test('keeps log groups with their settings', () => {
    const { aws, logs, see } = world()
    logs('CreateLogGroup', { logGroupName, kmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/1' })
    logs('PutRetentionPolicy', { logGroupName, retentionInDays: 30 })
    const arn = `arn:aws:logs:eu-west-1:123456789012:log-group:${logGroupName}`
    const shown = {
      logGroupName,
      creationTime: aws.clock.now(),
      metricFilterCount: 0,
      arn: `${arn}:*`,
      logGroupArn: arn,
      storedBytes: 0,
      logGroupClass: 'STANDARD',
    }
    expect(see()).toEqual([
      { ...shown, retentionInDays: 30, kmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/1' },
    ])
    logs('DeleteRetentionPolicy', { logGroupName })
    logs('DisassociateKmsKey', { logGroupName })
    expect(see()).toEqual([shown])
    logs('AssociateKmsKey', { logGroupName, kmsKeyId: 'other' })
    expect(see()).toMatchObject([{ kmsKeyId: 'other' }])
    logs('DeleteLogGroup', { logGroupName })
    expect(see()).toEqual([])
  })

  test('finds groups by prefix and by a part of their names, a page at a time', () => {
    const { logs, see } = world()
    for (const name of ['/ecs/web', '/ecs/api', '/rds/Web']) logs('CreateLogGroup', { logGroupName: name })
    const names = (input: object) => (see(input) as { logGroupName: string }[]).map((one) => one.logGroupName)
    expect(names({ logGroupNamePrefix: '/ecs/' })).toEqual(['/ecs/api', '/ecs/web'])
    expect(names({ logGroupNamePattern: 'web' })).toEqual(['/ecs/web', '/rds/Web'])
    const { nextToken } = logs('DescribeLogGroups', { limit: 2 })
    expect(names({ limit: 2, nextToken })).toEqual(['/rds/Web'])
  })

  test('keeps tags by the ARN, with or without its ending', () => {
    const { logs } = world()
    logs('CreateLogGroup', { logGroupName, tags: { a: '1', b: '2' } })
    const resourceArn = `arn:aws:logs:eu-west-1:123456789012:log-group:${logGroupName}`
    logs('TagResource', { resourceArn, tags: { c: '3' } })
    logs('UntagResource', { resourceArn: `${resourceArn}:*`, tagKeys: ['a'] })
    expect(logs('ListTagsForResource', { resourceArn })).toEqual({ tags: { b: '2', c: '3' } })
  })

  test.each([
    ['CreateLogGroup', { logGroupName }, 'ResourceAlreadyExistsException'],
    ['CreateLogGroup', { logGroupName: 'a b' }, 'InvalidParameterException'],
    ['DeleteLogGroup', { logGroupName: 'other' }, 'ResourceNotFoundException'],
    ['PutRetentionPolicy', { logGroupName, retentionInDays: 2 }, 'InvalidParameterException'],
    ['ListTagsForResource', { resourceArn: 'arn:aws:logs:::log-group:x' }, 'ResourceNotFoundException'],
  ])('refuses %s %j', (operation, input, code) => {
    const { logs } = world()
    logs('CreateLogGroup', { logGroupName })
    expect(() => logs(operation, input)).toThrow(refused(code))
  })
})
