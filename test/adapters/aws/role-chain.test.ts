import { describe, expect, it } from 'vitest'
import { createAwsLimits } from '../../../controller/adapters/aws/client/limits.ts'
import type { AwsOptions } from '../../../controller/adapters/aws/create-aws.ts'
import { createAws } from '../../../controller/adapters/aws/create-aws.ts'
import { startSandbox } from '../../../controller/sandbox/server.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import type { Input } from './fake-aws.ts'
import { awsOver } from './fake-aws.ts'

const hub = 'arn:aws:iam::111111111111:role/steersman-hub'
const gate = 'arn:aws:iam::222222222222:role/steersman-gate'
const role = 'arn:aws:iam::123456789012:role/steersman-prod'
const web = { cluster: 'shop', name: 'web' }
const hourMs = 3_600_000

/** The part of a role's ARN that tells it apart, as an access key. */
const keyOf = (input: Input): string => String(input['RoleArn']).split('-').at(-1)?.toUpperCase() ?? ''

/** AWS that gives each role keys which are named after it and last an hour, but for those it denies. */
function accounts(clock: FakeClock, options: Partial<AwsOptions> & { readonly denied?: string } = {}) {
  const { denied, ...rest } = options
  return awsOver(
    {
      ListTasks: () => ({ result: { taskArns: [] } }),
      AssumeRole: (input) =>
        input['RoleArn'] === denied
          ? { error: 'AccessDenied', status: 403 }
          : {
              result: {
                Credentials: {
                  AccessKeyId: `AKID${keyOf(input)}`,
                  SecretAccessKey: 's',
                  SessionToken: 't',
                  Expiration: new Date(clock.now() + hourMs).toISOString(),
                },
              },
            },
    },
    {
      clock,
      environment: 'prod',
      roleArn: role,
      via: [{ roleArn: hub, externalId: 'to-hub' }, { roleArn: gate }],
      ...rest,
    },
  )
}

const seen = (calls: readonly { operation: string; accessKeyId: string; input: Input }[]): string[] =>
  calls.map(({ operation, accessKeyId, input }) =>
    operation === 'AssumeRole' ? `${accessKeyId} becomes ${keyOf(input)}` : `${accessKeyId} ${operation}`,
  )

describe('a chain of roles', () => {
  it('is walked once, each role taken on from the one before', async () => {
    const { aws, calls } = accounts(new FakeClock())
    await Promise.all([aws.platform.tasks(web), aws.platform.tasks({ ...web, name: 'api' })])
    expect(seen(calls)).toEqual([
      'AKIDBASE becomes HUB',
      'AKIDHUB becomes GATE',
      'AKIDGATE becomes PROD',
      'AKIDPROD GetCallerIdentity',
      'AKIDPROD ListTasks',
      'AKIDPROD ListTasks',
    ])
  })

  it('gives each role its own external id, the last one the tags, and all the name of the environment', async () => {
    const { aws, of } = accounts(new FakeClock(), { externalId: 'to-prod', sessionTags: { team: 'shop' } })
    await aws.identity()
    const session = { RoleSessionName: 'steersman-prod' }
    expect(of('AssumeRole')).toEqual([
      { ...session, RoleArn: hub, ExternalId: 'to-hub' },
      { ...session, RoleArn: gate },
      {
        ...session,
        RoleArn: role,
        ExternalId: 'to-prod',
        'Tags.member.1.Key': 'team',
        'Tags.member.1.Value': 'shop',
      },
    ])
  })

  it('is renewed ahead of its end while calls go on with the old keys', async () => {
    const clock = new FakeClock()
    const { aws, calls } = accounts(clock)
    await aws.identity()
    await clock.advance(hourMs - 5 * 60_000)
    calls.length = 0
    await aws.platform.tasks(web)
    expect(seen(calls)).toContain('AKIDPROD ListTasks')
    expect(seen(calls).find((call) => call.includes('becomes'))).toBe('AKIDGATE becomes PROD')
  })

  it('is walked anew from its beginning when AWS calls a session expired', async () => {
    let isExpired = true
    const { aws, calls } = awsOver(
      {
        ListTasks: () => (isExpired ? { error: 'ExpiredTokenException' } : { result: { taskArns: [] } }),
        AssumeRole: (input) => ({
          result: {
            Credentials: { AccessKeyId: `AKID${keyOf(input)}`, SecretAccessKey: 's', SessionToken: 't' },
          },
        }),
      },
      { roleArn: role, via: [{ roleArn: hub }] },
    )
    await aws.platform.tasks(web).catch(() => undefined)
    isExpired = false
    calls.length = 0
    await aws.platform.tasks({ ...web, name: 'api' })
    expect(seen(calls).slice(0, 2)).toEqual(['AKIDBASE becomes HUB', 'AKIDHUB becomes PROD'])
  })

  it('that is broken says so at once, and stops nobody in another account', async () => {
    const clock = new FakeClock()
    const limits = createAwsLimits(clock)
    const bad = accounts(clock, { denied: gate, limits, accountId: '333333333333' })
    const good = accounts(clock, { limits, environment: 'staging', via: [{ roleArn: hub }] })
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => bad.aws.platform.tasks(web)))
    expect(asked.every(({ status }) => status === 'rejected')).toBe(true)
    expect(await bad.aws.identity().catch((error: unknown) => error)).toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('sts:AssumeRole') as string,
    })
    // The clock does not move: nothing here waits for anything.
    await good.aws.platform.tasks(web)
    expect(seen(good.calls)).toContain('AKIDPROD ListTasks')
  })

  it('leads into another account of the sandbox', async () => {
    const sandbox = await startSandbox({ port: 0 })
    const aws = createAws({
      region: 'eu-west-1',
      environment: 'prod',
      clock: systemClock,
      random: { next: () => 0 },
      telemetry: { emit() {} },
      endpoint: sandbox.url,
      credentials: async () => ({ accessKeyId: 'controller', secretAccessKey: 'test' }),
      via: [{ roleArn: hub }],
      roleArn: 'arn:aws:iam::222222222222:role/steersman-prod',
    })
    try {
      expect(await aws.identity()).toEqual({
        accountId: '222222222222',
        arn: 'arn:aws:sts::222222222222:assumed-role/steersman-prod/steersman-prod',
      })
    } finally {
      aws.close()
      await sandbox.close()
    }
  })
})
