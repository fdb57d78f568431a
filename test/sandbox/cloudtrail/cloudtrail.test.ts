import {
  CloudTrailClient,
  LookupEventsCommand,
  type LookupEventsCommandInput,
} from '@aws-sdk/client-cloudtrail'
import { ECSClient, CreateClusterCommand, DescribeClustersCommand } from '@aws-sdk/client-ecs'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startSandbox } from '../../../controller/sandbox/server.ts'
import { eventually } from '../../support/eventually.ts'

async function world(options: { trailDelaySeconds?: number; throttling?: boolean } = {}) {
  const sandbox = await startSandbox({ port: 0, trailDelaySeconds: 0, ...options })
  onTestFinished(() => sandbox.close())
  const as = (accessKeyId: string, more: object = {}) => ({
    region: 'eu-west-1',
    endpoint: sandbox.url,
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey: 's', ...more },
  })
  const trail = new CloudTrailClient(as('test'))
  const lookup = async (input: LookupEventsCommandInput = {}) =>
    (await trail.send(new LookupEventsCommand(input))).Events ?? []
  return { sandbox, as, lookup }
}

describe('the sandbox’s CloudTrail', () => {
  it('knows who has made which call that changed something, by its resources, the newest first', async () => {
    const { as, lookup } = await world()
    const alice = new ECSClient({ ...as('alice'), customUserAgent: 'her-tool' })
    for (const clusterName of ['one', 'two']) await alice.send(new CreateClusterCommand({ clusterName }))
    await alice.send(new DescribeClustersCommand({ clusters: ['one'] }))
    expect((await lookup()).map(({ EventName, Username }) => `${EventName} ${Username}`)).toEqual([
      'CreateCluster alice',
      'CreateCluster alice',
    ])
    const [found, ...others] = await lookup({
      LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: 'one' }],
    })
    expect(others).toEqual([])
    const record = JSON.parse(found?.CloudTrailEvent ?? '') as Record<string, unknown>
    expect(record).toMatchObject({
      eventSource: 'ecs.amazonaws.com',
      requestParameters: { clusterName: 'one' },
      userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/alice', userName: 'alice' },
      readOnly: false,
      eventID: found?.EventId,
    })
    expect(String(record['userAgent'])).toContain('her-tool')
  })

  it('names a role’s session as STS does', async () => {
    const { as, lookup } = await world()
    const RoleArn = 'arn:aws:iam::123456789012:role/deploy'
    const assumed = await new STSClient(as('test')).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'bob' }),
    )
    const { AccessKeyId = '', SessionToken: sessionToken } = assumed.Credentials ?? {}
    const session = as(AccessKeyId, { sessionToken })
    const { Arn } = await new STSClient(session).send(new GetCallerIdentityCommand({}))
    await new ECSClient(session).send(new CreateClusterCommand({ clusterName: 'one' }))
    const [event] = await lookup({ LookupAttributes: [{ AttributeKey: 'Username', AttributeValue: 'bob' }] })
    expect(JSON.parse(event?.CloudTrailEvent ?? '')).toMatchObject({
      userIdentity: { type: 'AssumedRole', arn: Arn },
    })
  })

  it('tells of a call only after its delay', async () => {
    const { as, lookup } = await world({ trailDelaySeconds: 1 })
    await new ECSClient(as('test')).send(new CreateClusterCommand({ clusterName: 'one' }))
    expect(await lookup()).toEqual([])
    await eventually(lookup, ({ length }) => length === 1, { what: 'the event', withinMs: 10_000 })
  })

  it('takes two questions a second', async () => {
    const { lookup } = await world({ throttling: true })
    const asked = await Promise.allSettled([lookup(), lookup(), lookup(), lookup(), lookup()])
    expect(asked.filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(2)
  })

  it('refuses what CloudTrail refuses', async () => {
    const { lookup } = await world()
    await expect(lookup({ MaxResults: 51 })).rejects.toMatchObject({ name: 'InvalidMaxResultsException' })
    const range = { StartTime: new Date(2_000), EndTime: new Date(1_000) }
    await expect(lookup(range)).rejects.toMatchObject({ name: 'InvalidTimeRangeException' })
  })
})
