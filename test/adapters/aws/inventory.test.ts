import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAws } from '../../../controller/adapters/aws/create-aws.ts'
import type { Aws } from '../../../controller/adapters/aws/create-aws.ts'
import type { Clock } from '../../../controller/ports/clock.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { startSandbox, type Sandbox } from '../../../controller/sandbox/server.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { awsOver } from './fake-aws.ts'

const SHOP = { project: 'shop', environment: 'prod' }
const arnOf = (name: string): string => `arn:aws:logs:eu-west-1:123456789012:log-group:${name}`
const row = (name: string) => ({
  ResourceARN: arnOf(name),
  Tags: [
    { Key: 'project', Value: 'shop' },
    { Key: 'team', Value: '' },
  ],
})

/** Fifty seconds in one: calls wait for their turn at AWS's limits. */
const fastClock: Clock = {
  ...systemClock,
  monotonic: () => systemClock.monotonic() * 50,
  sleep: (ms, signal) => systemClock.sleep(ms / 50, signal),
  setTimer: (ms, act) => systemClock.setTimer(ms / 50, act),
}

describe('the inventory', () => {
  it('asks for all tags at once, page after page', async () => {
    const pages = [
      { PaginationToken: 'next', ResourceTagMappingList: [row('a')] },
      { PaginationToken: '', ResourceTagMappingList: [row('b')] },
    ]
    const { aws, of } = awsOver({ GetResources: (_, nth) => ({ result: pages[nth] ?? {} }) })
    expect(await aws.inventory.tagged(SHOP)).toEqual({
      resources: ['a', 'b'].map((name) => ({ arn: arnOf(name), tags: { project: 'shop', team: '' } })),
      isComplete: true,
    })
    const asked = {
      TagFilters: [
        { Key: 'project', Values: ['shop'] },
        { Key: 'environment', Values: ['prod'] },
      ],
      ResourcesPerPage: 100,
    }
    expect(of('GetResources')).toEqual([asked, { ...asked, PaginationToken: 'next' }])
  })

  it('ends after a hundred pages, and says so', async () => {
    const { aws, of } = awsOver(
      { GetResources: () => ({ result: { PaginationToken: 'next', ResourceTagMappingList: [] } }) },
      { clock: fastClock, callTimeoutMs: 250_000 },
    )
    expect(await aws.inventory.tagged(SHOP)).toEqual({ resources: [], isComplete: false })
    expect(of('GetResources')).toHaveLength(100)
  })

  it.each([[{ ResourceTagMappingList: [{ Tags: [] }] }], [{ ResourceTagMappingList: 'x' }]])(
    'does not take %j for an answer',
    async (result) => {
      const { aws } = awsOver({ GetResources: () => ({ result }) })
      await expect(aws.inventory.tagged(SHOP)).rejects.toMatchObject({ code: 'UnreadableAnswer' })
    },
  )

  it('says which permission it lacks', async () => {
    const { aws } = awsOver({ GetResources: () => ({ error: 'AccessDeniedException' }) })
    await expect(aws.inventory.tagged(SHOP)).rejects.toMatchObject({
      code: 'AccessDenied',
      remedy: expect.stringContaining('tag:GetResources') as string,
    })
  })
})

describe('the inventory of the sandbox', () => {
  let sandbox: Sandbox
  let aws: Aws
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0 })
    aws = createAws({
      region: 'eu-west-1',
      environment: 'demo',
      endpoint: sandbox.url,
      clock: systemClock,
      random: seededRandom(1),
      telemetry: { emit() {} },
      credentials: () => Promise.resolve({ accessKeyId: 'AKIDTEST', secretAccessKey: 'test' }),
    })
  })
  afterAll(async () => {
    aws.close()
    await sandbox.close()
  })

  it('is that of AWS: what has all of the tags, however many pages it takes', async () => {
    const make = (logGroupName: string, tags: object): unknown =>
      sandbox.world.call({ service: 'logs', operation: 'CreateLogGroup', input: { logGroupName, tags } })
    const names = Array.from({ length: 130 }, (_, index) => `/ecs/web-${String(index).padStart(3, '0')}`)
    for (const name of names) make(name, { ...SHOP, more: 'x' })
    make('/ecs/dev', { ...SHOP, environment: 'dev' })
    make('/ecs/none', {})
    const { resources, isComplete } = await aws.inventory.tagged(SHOP)
    expect(isComplete).toBe(true)
    expect(resources).toEqual(names.map((name) => ({ arn: arnOf(name), tags: { ...SHOP, more: 'x' } })))
  })
})
