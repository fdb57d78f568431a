import { describe, expect, it } from 'vitest'
import { judgePlan } from '../../../controller/core/infrastructure/judge.ts'
import type { JudgedEnvironment, Judgement } from '../../../controller/core/infrastructure/judge.ts'
import { ACCOUNT, environmentOf, judge, planOf, resourceChange } from './plans.ts'

const OTHER = 'arn:aws:sns:eu-west-1:999999999999:x'
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234`

const updated = (
  type: string,
  values: Readonly<Record<string, unknown>>,
  more: Partial<JudgedEnvironment> = {},
): Judgement => judge([resourceChange(type, ['update'], { before: values, after: values })], more)

const rulesOf = ({ reasons }: Judgement): string[] =>
  reasons.map(({ rule, attributes }) => `${rule} ${attributes.join()}`)

describe('Another account', () => {
  it.each([
    ['aws_sns_topic', { arn: OTHER }, ['OtherAccount arn']],
    ['aws_sns_topic', { arn: OTHER.replace('999999999999', ACCOUNT) }, []],
    ['aws_s3_bucket', { arn: 'arn:aws:s3:::assets' }, []],
    ['aws_sns_topic', { arn: `x${OTHER}` }, []],
    ['aws_sns_topic', { arn: '' }, []],
    ['aws_sns_topic', { arn: 7 }, []],
    ['other_topic', { arn: OTHER }, []],
    ['aws_sns_topic', { topic_arn: OTHER }, []],
  ] as const)('is told of %s with %j by its own ARN', (type, values, expected) => {
    expect(rulesOf(updated(type, values))).toEqual(expected)
  })

  it('is told where only one side of the change has it', () => {
    const change = resourceChange('aws_sns_topic', ['update'], { before: { arn: '' }, after: { arn: OTHER } })
    expect(rulesOf(judge([change]))).toEqual(['OtherAccount arn'])
  })

  it('can’t be told where one’s own is not known', () => {
    expect(updated('aws_sns_topic', { arn: OTHER }, { accountId: undefined }).verdict).toBe('Safe')
  })
})

describe('The state’s backend', () => {
  const backend = { bucket: 'acme-tfstate', dynamodbTable: 'acme-locks', kmsKeyId: KEY }

  it.each([
    ['aws_s3_bucket', { bucket: 'acme-tfstate', id: 'acme-tfstate' }, ['StateBackend bucket,id']],
    ['aws_s3_object', { bucket: 'acme-tfstate', id: 'app.tfstate' }, ['StateBackend bucket']],
    ['aws_s3_bucket', { bucket: 'acme-tfstate-2' }, []],
    ['aws_dynamodb_table_item', { table_name: 'acme-locks' }, ['StateBackend table_name']],
    [
      'aws_dynamodb_resource_policy',
      { resource_arn: `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/acme-locks` },
      ['StateBackend resource_arn'],
    ],
    ['aws_dynamodb_table', { name: 'shop' }, []],
    ['aws_kms_key', { key_id: '1234', arn: KEY }, ['StateBackend key_id,arn']],
    ['aws_kms_alias', { name: 'alias/other', target_key_id: '1234' }, ['StateBackend target_key_id']],
    ['aws_kms_key', { key_id: '5678' }, []],
    ['aws_sqs_queue', { name: 'acme-locks', bucket: 'acme-tfstate' }, []],
  ] as const)('is told of %s with %j', (type, values, expected) => {
    expect(rulesOf(updated(type, values, { backend }))).toEqual(expected)
  })

  it('may name its key by an alias', () => {
    const named = { ...backend, kmsKeyId: 'alias/state' }
    expect(rulesOf(updated('aws_kms_alias', { name: 'alias/state' }, { backend: named }))).toEqual([
      'StateBackend name',
    ])
    expect(rulesOf(updated('aws_kms_alias', { name: 'state' }, { backend: named }))).toEqual([
      'StateBackend name',
    ])
    expect(rulesOf(updated('aws_kms_alias', { name: 'my-alias/state' }, { backend: named }))).toEqual([])
  })

  it.each([{}, { bucket: '', dynamodbTable: '' }])('is nobody where it is %j', (none) => {
    const backendless = { backend: none }
    expect(rulesOf(updated('aws_s3_bucket', { bucket: 'undefined' }, backendless))).toEqual([])
    expect(rulesOf(updated('aws_dynamodb_table', { name: '' }, backendless))).toEqual([])
  })

  it.each(['no-op', 'read'])('may be looked at (%s)', (action) => {
    const change = resourceChange('aws_s3_bucket', [action], {
      before: { bucket: 'acme-tfstate' },
      after: { bucket: 'acme-tfstate' },
    })
    expect(judge([change]).verdict).toBe('Safe')
  })
})

describe('A role of Steersman’s own', () => {
  it.each([
    ['aws_iam_role', { name: 'steersman-prod' }, ['OwnRole name']],
    ['aws_iam_role', { arn: `arn:aws:iam::${ACCOUNT}:role/teams/steersman-prod` }, ['OwnRole arn']],
    ['aws_iam_role', { name: 'steersman-production' }, []],
    ['aws_iam_role', { name: 'task', role: 'steersman-prod' }, []],
    ['aws_iam_role_policy', { role: 'steersman-prod' }, ['OwnRole role']],
    ['aws_iam_role_policy', { role: 'task', name: 'steersman-prod' }, []],
    ['aws_iam_role_policies_exclusive', { role_name: 'steersman-prod' }, ['OwnRole role_name']],
    ['aws_lambda_function', { role: 'steersman-prod' }, []],
  ] as const)('is told of %s with %j', (type, values, expected) => {
    expect(rulesOf(updated(type, values))).toEqual(expected)
  })
})

describe('A provider', () => {
  it('that acts as somebody else is named', () => {
    const providers = { aws: { expressions: { profile: {} } }, other: {} }
    const { reasons } = judgePlan(
      planOf([], { configuration: { provider_config: providers } }),
      environmentOf(),
    )
    expect(reasons).toMatchObject([
      { address: 'provider.aws', attributes: ['profile'], rule: 'ProviderIdentity' },
    ])
  })
})
