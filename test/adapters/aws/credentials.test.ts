import { describe, expect, it } from 'vitest'
import { refreshAhead, type AwsCredentials } from '../../../controller/adapters/aws/client/credentials.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { awsOver } from './fake-aws.ts'

const hourMs = 60 * 60_000

const noJitter = { next: () => 0 }

function expiring(
  clock: FakeClock,
  { fails = () => false, random = noJitter }: { fails?: () => boolean; random?: typeof noJitter } = {},
) {
  let made = 0
  const source = async (): Promise<AwsCredentials> => {
    if (fails()) throw new Error('no answer')
    made += 1
    return { accessKeyId: `key-${made}`, secretAccessKey: 's', expiration: new Date(clock.now() + hourMs) }
  }
  const credentials = refreshAhead(source, clock, random)
  return async () => (await credentials.current()).accessKeyId
}

describe('refreshAhead', () => {
  it('keeps credentials until five minutes before they expire', async () => {
    const clock = new FakeClock()
    const current = expiring(clock)
    expect(await Promise.all([current(), current()])).toEqual(['key-1', 'key-1'])
    await clock.advance(hourMs - 5 * 60_000 - 1)
    expect(await current()).toBe('key-1')
    await clock.advance(1)
    // Nobody waits for the new ones.
    expect(await Promise.all([current(), current()])).toEqual(['key-1', 'key-1'])
    await clock.advance(1)
    expect(await Promise.all([current(), current()])).toEqual(['key-2', 'key-2'])
  })

  it('asks up to five minutes sooner, so that what began together does not ask together', async () => {
    const clock = new FakeClock()
    const current = expiring(clock, { random: { next: () => 0.8 } })
    await current()
    await clock.advance(hourMs - 9 * 60_000 - 1)
    await current()
    await clock.advance(1)
    expect(await current()).toBe('key-1')
    await clock.advance(1)
    expect(await current()).toBe('key-2')
  })

  it('lets calls wait for new ones in the last minute of the old ones', async () => {
    const clock = new FakeClock()
    const current = expiring(clock)
    await current()
    await clock.advance(hourMs - 60_000)
    expect(await current()).toBe('key-2')
  })

  it('serves on with the old ones while the source fails and they are still good', async () => {
    const clock = new FakeClock()
    let fails = false
    const current = expiring(clock, { fails: () => fails })
    await current()
    fails = true
    await clock.advance(hourMs - 60_000)
    expect(await current()).toBe('key-1')
    await clock.advance(60_000)
    await expect(current()).rejects.toThrow('no answer')
    fails = false
    expect(await current()).toBe('key-2')
  })

  it('asks the source again when told that AWS calls them expired', async () => {
    let asked = 0
    const credentials = refreshAhead(
      async () => {
        asked += 1
        return { accessKeyId: `key-${asked}`, secretAccessKey: 's' }
      },
      new FakeClock(),
      noJitter,
    )
    await credentials.current()
    credentials.invalidate()
    expect((await credentials.current()).accessKeyId).toBe('key-2')
  })

  it('does not wait for ever for a source that hangs', async () => {
    const clock = new FakeClock()
    const credentials = refreshAhead(() => new Promise(() => {}), clock, noJitter)
    const asked = credentials.current().catch((error: unknown) => error)
    await clock.advance(30_000)
    expect(await asked).toMatchObject({ name: 'CallTimedOut' })
  })
})

describe('the account', () => {
  const tasks = { ListTasks: () => ({ result: { taskArns: [] } }) }
  const web = { cluster: 'shop', name: 'web' }

  it('is asked for once, before any other call', async () => {
    const { aws, calls } = awsOver(tasks)
    await Promise.all([aws.platform.tasks(web), aws.platform.tasks({ ...web, name: 'api' }), aws.identity()])
    await aws.platform.tasks(web)
    expect(calls.map(({ operation }) => operation)).toEqual([
      'GetCallerIdentity',
      'ListTasks',
      'ListTasks',
      'ListTasks',
    ])
    expect(await aws.identity()).toEqual({ accountId: '123456789012' })
  })

  it('stops everything when the credentials belong to another one', async () => {
    const { aws, of } = awsOver({
      ...tasks,
      GetCallerIdentity: () => ({ result: { Account: '999999999999' } }),
    })
    for (const call of [
      () => aws.platform.tasks(web),
      () => aws.identity(),
      () => aws.traffic.targets('x'),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'WrongAccount', handling: 'stall' })
    }
    expect(of('ListTasks')).toEqual([])
  })

  it('is reached by the role, taken on once with the environment’s name and the base credentials', async () => {
    const expiration = new Date(Date.now() + hourMs).toISOString()
    const credentials = {
      AccessKeyId: 'AKIDROLE',
      SecretAccessKey: 's',
      SessionToken: 't',
      Expiration: expiration,
    }
    const { aws, calls } = awsOver(
      { ...tasks, AssumeRole: () => ({ result: { Credentials: credentials } }) },
      { roleArn: 'arn:aws:iam::123456789012:role/steersman-prod', environment: 'prod' },
    )
    await Promise.all([aws.platform.tasks(web), aws.identity()])
    expect(calls.map(({ operation, accessKeyId }) => `${operation} ${accessKeyId}`)).toEqual([
      'AssumeRole AKIDBASE',
      'GetCallerIdentity AKIDROLE',
      'ListTasks AKIDROLE',
    ])
    expect(calls[0]?.input).toEqual({
      RoleArn: 'arn:aws:iam::123456789012:role/steersman-prod',
      RoleSessionName: 'steersman-prod',
    })
  })

  it('says what the role’s trust policy lacks', async () => {
    const { aws } = awsOver(
      { AssumeRole: () => ({ error: 'AccessDenied', status: 403 }) },
      { roleArn: 'arn:role' },
    )
    await expect(aws.identity()).rejects.toMatchObject({
      code: 'AccessDenied',
      remedy: expect.stringContaining('trust policy') as string,
    })
  })

  it('says that credentials are missing, and which would do', async () => {
    const missing = Object.assign(new Error('Could not load credentials'), {
      name: 'CredentialsProviderError',
    })
    const { aws } = awsOver({}, { credentials: () => Promise.reject(missing) })
    await expect(aws.identity()).rejects.toMatchObject({
      code: 'CredentialsMissing',
      handling: 'stall',
      remedy: expect.stringContaining('AWS_ACCESS_KEY_ID') as string,
    })
  })

  it('makes no call once it is closed', async () => {
    const { aws, calls } = awsOver(tasks)
    aws.close()
    await expect(aws.platform.tasks(web)).rejects.toMatchObject({ code: 'ShuttingDown', handling: 'retry' })
    expect(calls).toEqual([])
  })

  it('never tells a secret in an event or an error', async () => {
    const { aws, events } = awsOver({
      ...tasks,
      GetCallerIdentity: () => ({ error: 'SignatureDoesNotMatch', message: 'planted-secret' }),
    })
    const error: unknown = await aws.identity().catch((reason: unknown) => reason)
    expect(JSON.stringify([events, String(error), error])).not.toContain('planted-secret')
  })
})
