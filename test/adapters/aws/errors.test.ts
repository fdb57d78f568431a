import { describe, expect, it } from 'vitest'
import { classifyError } from '../../../controller/adapters/aws/client/errors.ts'
import { PortError } from '../../../controller/ports/error.ts'

const context = {
  operation: 'ecs:UpdateService',
  writes: true,
  accountId: '123456789012',
  region: 'eu-west-1',
}

const awsError = (name: string, message = 'words', httpStatusCode = 400): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode, requestId: 'r-1' } })
const networkError = (code: string): Error => Object.assign(new Error(code), { code })

const table: readonly (readonly [Error, string, string, boolean])[] = [
  [awsError('ThrottlingException'), 'Throttled', 'retry', false],
  [awsError('Throttling'), 'Throttled', 'retry', false],
  [awsError('RequestLimitExceeded', 'slow', 503), 'Throttled', 'retry', false],
  [awsError('SomethingNew', 'slow', 429), 'Throttled', 'retry', false],
  [awsError('AccessDeniedException'), 'AccessDenied', 'stall', false],
  [awsError('ExpiredTokenException'), 'CredentialsExpired', 'stall', false],
  [awsError('ExpiredToken'), 'CredentialsExpired', 'stall', false],
  [awsError('UnrecognizedClientException'), 'CredentialsInvalid', 'stall', false],
  [awsError('InvalidClientTokenId', '', 403), 'CredentialsInvalid', 'stall', false],
  [awsError('CredentialsProviderError'), 'CredentialsMissing', 'stall', false],
  [awsError('ClusterNotFoundException'), 'ClusterMissing', 'stall', false],
  [awsError('ServiceNotFoundException'), 'ServiceMissing', 'wait', false],
  [awsError('ServiceNotActiveException'), 'ServiceNotActive', 'wait', false],
  [awsError('TargetGroupNotFoundException'), 'TargetGroupMissing', 'stall', false],
  [awsError('TargetGroupAssociationLimitException'), 'QuotaReached', 'stall', false],
  [awsError('TooManyUniqueTargetGroupsPerLoadBalancerException'), 'QuotaReached', 'stall', false],
  [awsError('RuleNotFoundException'), 'RuleMissing', 'stall', false],
  [awsError('ListenerNotFound'), 'ListenerMissing', 'stall', false],
  [awsError('ClientException'), 'InvalidRequest', 'stall', false],
  [awsError('ValidationError'), 'InvalidRequest', 'stall', false],
  [
    awsError('InvalidParameterException', 'Creation of service was not idempotent.'),
    'AlreadyExists',
    'retry',
    false,
  ],
  [
    awsError(
      'InvalidParameterException',
      'The target group with targetGroupArn x does not have an associated load balancer.',
    ),
    'TargetGroupNotAssociated',
    'stall',
    false,
  ],
  [
    awsError('InvalidParameterException', 'Unable to Start a service that is still Draining.'),
    'ServiceNotActive',
    'wait',
    false,
  ],
  [awsError('ServerException', '', 500), 'AwsUnavailable', 'retry', true],
  [awsError('Strange', '', 502), 'AwsUnavailable', 'retry', true],
  [awsError('Strange', '', 418), 'Refused', 'stall', false],
  [new SyntaxError('Unexpected token <'), 'UnreadableAnswer', 'retry', true],
  [networkError('ENOTFOUND'), 'NameNotResolved', 'retry', false],
  [networkError('ECONNREFUSED'), 'ConnectionRefused', 'retry', false],
  [
    Object.assign(new AggregateError([networkError('ECONNREFUSED')], 'all addresses')),
    'ConnectionRefused',
    'retry',
    false,
  ],
  [networkError('ECONNRESET'), 'ConnectionLost', 'retry', true],
  [new Error('socket hang up'), 'ConnectionLost', 'retry', true],
  [networkError('EPIPE'), 'ConnectionLost', 'retry', true],
  [Object.assign(new Error('t'), { name: 'TimeoutError' }), 'TimedOut', 'retry', true],
  [networkError('SELF_SIGNED_CERT_IN_CHAIN'), 'CertificateNotTrusted', 'stall', false],
  [new Error('what is this'), 'Unknown', 'retry', true],
]

describe('classifyError', () => {
  it.each(table)('classes %s as %s (%s, may have happened: %s)', (error, code, handling, ambiguous) => {
    expect(classifyError(error, context)).toMatchObject({ code, handling, ambiguous })
  })

  it.each(table)('never calls the failure of a read ambiguous: %s', (error) => {
    expect(classifyError(error, { ...context, writes: false }).ambiguous).toBe(false)
  })

  it('passes a classed error on as it is', () => {
    const error = new PortError('x', { code: 'X', handling: 'wait' })
    expect(classifyError(error, context)).toBe(error)
  })

  it('names the statement that is missing from the policy, as AWS names it', () => {
    const message =
      'User: arn:aws:sts::123456789012:assumed-role/steersman/s is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/web because no identity-based policy allows it'
    expect(classifyError(awsError('AccessDeniedException', message), context).remedy).toContain(
      '{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/web"}',
    )
    expect(classifyError(awsError('AccessDenied', 'no'), context).remedy).toContain(
      '"Action":"ecs:UpdateService"',
    )
  })

  it('shows operation, region, AWS’s words, name and request', () => {
    expect(classifyError(awsError('ClientException', 'Too many containers.'), context).message).toBe(
      'ecs:UpdateService in eu-west-1: Too many containers. (ClientException, request r-1)',
    )
  })

  it.each([
    'The Canonical String should have been POST x-amz-security-token:IQoJb3JpZ2luX2VjEPLANTED',
    'x-amz-security-token=IQoJPLANTED&x=1',
    'key AKIAPLANTEDPLANTED12 is disabled',
    `token ${'PLANTED'.repeat(30)} is not valid`,
    'bearer eyJhbGciOiJQLANTED.eyJzdWIiOiPLANTED.c2lnPLANTED',
  ])('shows no credential: %s', (message) => {
    for (const name of ['SignatureDoesNotMatch', 'InvalidParameterException']) {
      const { message: shown, remedy, cause } = classifyError(awsError(name, message), context)
      expect(`${shown} ${remedy} ${String(cause)}`).not.toContain('PLANTED')
    }
  })
})
