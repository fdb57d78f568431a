import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { describe, expect, it } from 'vitest'
import { PATTERNS } from '../support/machine/event-queue.ts'
import { ACCOUNT, REGION } from '../support/machine/shape.ts'
import { eventually } from '../support/eventually.ts'
import type { Line, SteersmanProcess } from '../support/steersman-process.ts'
import type { Town } from '../support/town.ts'
import { startTown } from '../support/town.ts'

const QUEUE = 'steersman-events'

/** One call of a JSON protocol, as any client signs it. */
async function call(town: Town, target: string, input: object): Promise<Record<string, unknown>> {
  const [service] = target.startsWith('AmazonSQS') ? ['sqs'] : ['events']
  const response = await fetch(town.sandboxUrl, {
    method: 'POST',
    headers: {
      'x-amz-target': target,
      'content-type': 'application/x-amz-json-1.0',
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request, Signature=x`,
    },
    body: JSON.stringify(input),
  })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as Record<string, unknown>
}

async function makeQueue(town: Town): Promise<string> {
  const { QueueUrl } = await call(town, 'AmazonSQS.CreateQueue', { QueueName: QUEUE })
  for (const [Name, pattern] of Object.entries(PATTERNS)) {
    await call(town, 'AWSEvents.PutRule', { Name, EventPattern: JSON.stringify(pattern) })
    const Targets = [{ Id: 'queue', Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${QUEUE}` }]
    await call(town, 'AWSEvents.PutTargets', { Rule: Name, Targets })
  }
  return String(QueueUrl)
}

/** What somebody does with the AWS CLI. */
async function scaleByHand(town: Town, accessKeyId: string, desiredCount: number): Promise<void> {
  const credentials = { accessKeyId, secretAccessKey: 'secret' }
  const ecs = new ECSClient({ region: REGION, endpoint: town.sandboxUrl, credentials })
  await ecs.send(new UpdateServiceCommand({ cluster: 'demo', service: 'web-green', desiredCount }))
  ecs.destroy()
}

const found = ({ lines }: SteersmanProcess): readonly Line[] =>
  lines.filter((line) => line['event'] === 'DriftFound')

/** How long it takes until one more drift is told, in milliseconds. */
async function untilFound(process: SteersmanProcess, withinMs: number): Promise<number> {
  const startedAt = performance.now()
  const before = found(process).length
  await eventually(
    () => found(process).length,
    (count) => count > before,
    {
      what: 'a drift in the log',
      withinMs,
      everyMs: 10,
    },
  )
  return performance.now() - startedAt
}

describe('a controller that looks once a minute', () => {
  it(
    'sees a change by hand within moments through the queue, says by whom, and without the queue at its next look',
    { timeout: 240_000 },
    async (context) => {
      const queueUrl = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${QUEUE}`
      const town = await startTown(context, {
        spec: { aws: { region: REGION, accountId: ACCOUNT, events: { queueUrl } } },
        source: { interval: '60s' },
      })
      expect(await makeQueue(town)).toBe(`${town.sandboxUrl}/${ACCOUNT}/${QUEUE}`)
      const commit = town.push({ version: 'v1' })
      const { process, untilDeployed } = await town.run()
      await untilDeployed(commit, 60_000)

      await scaleByHand(town, 'alice', 5)
      const heardMs = await untilFound(process, 20_000)
      expect(heardMs).toBeLessThan(10_000)
      const told = await process.line((line) => line['event'] === 'DriftAttributed', 'who it was')
      expect(told).toMatchObject({ path: '/service/desiredCount', user: 'alice' })
      expect(told.text).not.toContain('127.0.0.1')

      await call(town, 'AmazonSQS.DeleteQueue', { QueueUrl: queueUrl })
      await process.line(
        (line) => line['event'] === 'ListeningChanged' && line['listens'] === false,
        'a silence',
      )
      await scaleByHand(town, 'bob', 6)
      const sweptMs = await untilFound(process, 100_000)
      expect(sweptMs).toBeLessThan(80_000)
    },
  )
})
