import { describe, expect, it } from 'vitest'
import { patiently } from '../../support/machine/patience.ts'
import type { Machine } from '../../support/machine.ts'
import { isTrue, startMachine, STORY } from '../../support/machine.ts'
import {
  dropEventQueue,
  makeEventQueue,
  messagesIn,
  QUEUE_URL,
  sendToQueue,
} from '../../support/machine/event-queue.ts'
import { ACCOUNT, REGION } from '../../support/machine/shape.ts'
import type { Ending } from '../../support/machine.ts'

const AWS = { region: REGION, accountId: ACCOUNT }
const LISTENING = { ...AWS, events: { queueUrl: QUEUE_URL } }

/** v1 serves; the environment is looked at only every ten minutes, so that what is seen sooner was heard of. */
async function quiet(ending: Ending, interval = '10m'): Promise<Machine> {
  const spec = { source: { interval }, aws: LISTENING }
  const machine = await startMachine(ending, { spec, longestPauseMs: 2_000 })
  makeEventQueue(machine.sandbox)
  await machine.start()
  await machine.untilDeployed(machine.push({ version: 'v1' }))
  return machine
}

const drifts = (machine: Machine): number => machine.events.filter(({ type }) => type === 'DriftFound').length

const untilCorrected = (machine: Machine): Promise<unknown> =>
  patiently(
    () => machine.weights(),
    ({ blue, green }) => blue === 0 && green === 100,
    { what: 'corrected weights' },
  )

describe('a queue of events', STORY, () => {
  it('lets a change by hand be seen and put back within moments', async (context) => {
    const machine = await quiet(context)
    machine.setWeightsByHand({ blue: 50, green: 50 })
    await untilCorrected(machine)
    expect(drifts(machine)).toBeGreaterThan(0)
    expect(machine.events).toContainEqual(expect.objectContaining({ type: 'NewsHeard', kind: 'ApiCall' }))
  })

  it('is emptied by whoever listens, and a lost, doubled, late or made-up message harms nobody', async (context) => {
    const machine = await quiet(context)
    const writes = machine.writes()
    for (const text of ['', 'no JSON {', '[]', '{"source":"aws.ecs"}', stale(), stale(), forged()])
      if (text !== '') sendToQueue(machine.sandbox, text)
    await patiently(
      () => messagesIn(machine.sandbox),
      (left) => left === 0,
      { what: 'an empty queue' },
    )
    const dropped = machine.events.flatMap((event) =>
      event.type === 'NewsDropped' && event.why !== 'NoSubject' ? [event.why] : [],
    )
    expect(dropped.toSorted()).toEqual(['Foreign', 'NotAnEvent', 'NotAnEvent', 'NotJson'])
    expect(machine.writes()).toEqual(writes)
    expect(isTrue((await machine.environment()).conditions, 'Ready')).toBe(true)
  })

  it('lets a release go on as soon as the image that it waits for was pushed', async (context) => {
    const machine = await quiet(context)
    await machine.behaves('v2', { missing: true })
    const commit = machine.push({ version: 'v2' })
    await machine.untilRelease((release) => release.waiting?.reason === 'ImageNotFound')
    await machine.behaves('v2', {})
    await machine.untilDeployed(commit)
    expect(machine.events).toContainEqual(
      expect.objectContaining({ type: 'NewsHeard', kind: 'Image', woken: 1 }),
    )
  })

  it('that is away is said, and everything is found at the usual intervals', async (context) => {
    const machine = await quiet(context, '1s')
    // Its arrival ends the long poll that is open: the next one finds no queue.
    sendToQueue(machine.sandbox, 'no JSON {')
    dropEventQueue(machine.sandbox)
    const { conditions = [] } = await machine.untilEnvironment((status) =>
      isTrue(status.conditions, 'EventsUnavailable'),
    )
    const said = conditions.find(({ type }) => type === 'EventsUnavailable')
    expect(said?.reason).toBe('QueueNotFound')
    expect(said?.message).toMatch(/changes are found at the usual intervals only: .*queue/)
    machine.setWeightsByHand({ blue: 50, green: 50 })
    await untilCorrected(machine)
    makeEventQueue(machine.sandbox)
    await machine.untilEnvironment((status) => !isTrue(status.conditions, 'EventsUnavailable'))
  })
})

const base = { version: '0', id: 'x', account: ACCOUNT, region: REGION, time: '2020-01-01T00:00:00Z' }

/** An event that comes years late, and twice. */
const stale = (): string =>
  JSON.stringify({
    ...base,
    source: 'aws.ecs',
    'detail-type': 'ECS Service Action',
    resources: [`arn:aws:ecs:${REGION}:${ACCOUNT}:service/demo/web-green`],
    detail: { eventName: 'SERVICE_STEADY_STATE' },
  })

const forged = (): string =>
  JSON.stringify({ ...base, source: 'evil', 'detail-type': 'ECS Service Action', resources: [], detail: {} })
