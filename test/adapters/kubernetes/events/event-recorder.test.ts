import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { KubeClient } from '../../../../controller/adapters/kubernetes/calls.ts'
import { createEventRecorder } from '../../../../controller/adapters/kubernetes/events/event-recorder.ts'
import type { EventRecorder } from '../../../../controller/adapters/kubernetes/events/event-recorder.ts'
import { createKubeStore } from '../../../../controller/adapters/kubernetes/kube-store.ts'
import { systemClock } from '../../../../controller/adapters/system/clock.ts'
import type { SteersmanEvent } from '../../../../controller/core/event.ts'
import { PortError } from '../../../../controller/ports/error.ts'
import { eventually } from '../../../support/eventually.ts'
import { FakeClock } from '../../../support/fake-clock.ts'
import type { Cluster, ClusterBench } from '../bench.ts'
import { clusterName, openCluster } from '../bench.ts'

interface SeenEvent {
  readonly metadata: { readonly name: string }
  readonly note: string
  readonly reason: string
  readonly type: string
  readonly eventTime: string
  readonly series?: { readonly count: number; readonly lastObservedTime: string }
  readonly [field: string]: unknown
}

let cluster: Cluster
let bench: ClusterBench
let client: KubeClient
let clock: FakeClock
let losses: string[]

beforeAll(async () => {
  cluster = await openCluster()
})

afterAll(() => cluster.close())

beforeEach(async () => {
  bench = await cluster.bench()
  onTestFinished(bench.close)
  client = bench.client()
  clock = new FakeClock()
  losses = []
  await createKubeStore({ clock: systemClock, client, namespace: bench.namespace }).create({
    kind: 'Environment',
    metadata: { name: 'prod' },
    spec: {
      source: { repository: 'https://git.example.com/shop.git', branch: 'main' },
      aws: { region: 'eu-west-1' },
    },
  })
})

function recorderOver(request: KubeClient['request'] = (call) => client.request(call)): EventRecorder {
  let next = 0
  return createEventRecorder({
    client: { request },
    namespace: bench.namespace,
    clock,
    random: { next: () => (next += 0.001) },
    instance: 'host-1_instance',
    redact: (text) => text.replaceAll('hunter2', '[redacted]'),
    onLost: ({ code }) => losses.push(code),
  })
}

const refused = (first: string, environment = 'prod'): SteersmanEvent => ({
  type: 'ManifestRefused',
  environment,
  commit: 'abc',
  issues: 1,
  first,
})

const all = (namespace: string): string => `/apis/events.k8s.io/v1/namespaces/${namespace}/events`

async function events(): Promise<readonly SeenEvent[]> {
  const { items } = (await client.request({ method: 'GET', path: all(bench.namespace) })) as {
    readonly items: readonly SeenEvent[]
  }
  return items
}

describe(`Events in ${clusterName}`, () => {
  it('says what happened to an object, as `kubectl describe` finds it', async () => {
    const recorder = recorderOver()
    recorder.telemetry.emit(refused('web.yaml:3:1 the token hunter2 is no port'))
    await recorder.close(5_000)
    const environment = await createKubeStore({ clock: systemClock, client, namespace: bench.namespace }).get(
      'Environment',
      'prod',
    )
    expect(await events()).toMatchObject([
      {
        eventTime: '2026-01-01T00:00:00.000000Z',
        reportingController: 'steersman.dev/controller',
        reportingInstance: 'host-1_instance',
        regarding: { kind: 'Environment', name: 'prod', uid: environment?.metadata.uid },
        type: 'Warning',
        reason: 'ManifestRefused',
        action: 'ReadManifests',
        note: 'commit abc is refused for 1 issue: web.yaml:3:1 the token [redacted] is no port',
      },
    ])
    const fieldSelector = `involvedObject.uid=${environment?.metadata.uid ?? ''},involvedObject.kind=Environment`
    const path = `/api/v1/namespaces/${bench.namespace}/events`
    expect(await client.request({ method: 'GET', path, query: { fieldSelector } })).toMatchObject({
      items: [{ involvedObject: { name: 'prod' }, message: expect.stringContaining('web.yaml') as string }],
    })
    expect(losses).toEqual([])
  })

  it('counts what repeats in one Event, and writes the count once a minute at most', async () => {
    const calls: string[] = []
    const recorder = recorderOver(async (call) => {
      calls.push(call.method)
      return client.request(call)
    })
    const repeat = (): void => recorder.telemetry.emit(refused('web.yaml'))
    repeat()
    await eventually(events, ({ length }) => length === 1)
    for (let second = 0; second < 30; second += 1) {
      await clock.advance(1_000)
      repeat()
    }
    expect(calls).toEqual(['GET', 'POST'])
    await clock.advance(30_000)
    const [seen] = await eventually(events, ([event]) => event?.series !== undefined)
    expect(seen?.series).toEqual({ count: 31, lastObservedTime: '2026-01-01T00:00:30.000000Z' })
    expect(calls).toEqual(['GET', 'POST', 'PATCH'])
    repeat()
    await recorder.close(5_000)
    expect(await events()).toMatchObject([{ series: { count: 32 } }])
  })

  it('begins anew after six quiet minutes, and where the server has forgotten the Event', async () => {
    const recorder = recorderOver()
    recorder.telemetry.emit(refused('web.yaml'))
    const [first] = await eventually(events, ({ length }) => length === 1)
    await clock.advance(6 * 60_000)
    recorder.telemetry.emit(refused('web.yaml'))
    const both = await eventually(events, ({ length }) => length === 2)
    for (const { metadata } of both)
      await client.request({ method: 'DELETE', path: `${all(bench.namespace)}/${metadata.name}` })
    await clock.advance(60_000)
    recorder.telemetry.emit(refused('web.yaml'))
    await recorder.close(5_000)
    const again = await events()
    expect(again).toMatchObject([{ series: { count: 2 } }])
    expect(again[0]?.metadata.name).not.toBe(first?.metadata.name)
  })

  it('cuts what is longer than the server takes, between characters', async () => {
    const recorder = recorderOver()
    recorder.telemetry.emit(refused('ü€'.repeat(600)))
    await recorder.close(5_000)
    const [seen] = await events()
    const bytes = Buffer.byteLength(seen?.note ?? '')
    expect(bytes).toBeGreaterThan(1_015)
    expect(bytes).toBeLessThanOrEqual(1_024)
    expect(seen?.note).toMatch(/^[^\uFFFD]+…$/)
    expect(losses).toEqual([])
  })

  it('says nothing of an object that is gone', async () => {
    const recorder = recorderOver()
    recorder.telemetry.emit(refused('web.yaml', 'gone'))
    await recorder.close(5_000)
    expect(await events()).toEqual([])
    expect(losses).toEqual([])
  })

  it('tries again where nobody answers, and writes one Event though the first answer was lost', async () => {
    let tries = 0
    const recorder = recorderOver(async (call) => {
      if (call.method === 'POST') tries += 1
      const answer = await client.request(call)
      if (call.method !== 'POST') return answer
      throw new PortError('no answer', { code: 'StoreUnavailable', handling: 'retry', ambiguous: true })
    })
    recorder.telemetry.emit(refused('web.yaml'))
    await eventually(
      () => clock.pending,
      (pending) => pending > 0,
    )
    await clock.advance(1_000)
    await eventually(
      () => tries,
      (made) => made === 2,
    )
    await recorder.close(5_000)
    expect(await events()).toHaveLength(1)
    expect(losses).toEqual([])
  })

  it('says once that Events are refused, throws nothing, and keeps no more than it may', async () => {
    const recorder = recorderOver(async () => {
      throw new PortError('forbidden', { code: 'AccessDenied', handling: 'stall' })
    })
    for (let number = 0; number < 600; number += 1) recorder.telemetry.emit(refused(`issue ${number}`))
    await recorder.close(5_000)
    recorder.telemetry.emit(refused('after the end'))
    expect(losses.toSorted()).toEqual(['AccessDenied', 'TooMany'])
    expect(await events()).toEqual([])
  })

  it.each([
    ['no time', { eventTime: undefined }, /eventTime: Required value/],
    ['a time without microseconds', { eventTime: '2026-01-01T00:00:00Z' }, /parsing time/],
    ['no controller', { reportingController: undefined }, /reportingController: Required value/],
    ['no instance', { reportingInstance: undefined }, /reportingInstance: Required value/],
    ['no reason', { reason: undefined }, /reason: Required value/],
    ['no action', { action: undefined }, /action: Required value/],
    ['a long reason', { reason: 'a'.repeat(129) }, /can have at most 128 characters/],
    ['a long note', { note: 'ü'.repeat(513) }, /can have at most 1024 characters/],
    ['another type', { type: 'Bad' }, /has invalid value: Bad/],
    ['a series of one', { series: { count: 1, lastObservedTime: '2026-01-01T00:00:00.000000Z' } }, /least 2/],
    ['no namespace of what it is about', { regarding: { kind: 'Environment' } }, /does not match/],
  ])('refuses an Event with %s', async (_title, change, message) => {
    await expect(postEvent(change)).rejects.toMatchObject({
      code: 'Invalid',
      message: expect.stringMatching(message) as string,
    })
  })

  it('lets nothing of an Event change but its series', async () => {
    await postEvent({})
    const path = `${all(bench.namespace)}/prod.1`
    const change = (body: object): Promise<unknown> =>
      client.request({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' })
    const series = { count: 2, lastObservedTime: '2026-01-01T00:01:00.000000Z' }
    expect(await change({ series })).toMatchObject({ series })
    await expect(change({ note: 'another' })).rejects.toMatchObject({ code: 'Invalid' })
  })
})

const postEvent = (change: object): Promise<unknown> =>
  client.request({
    method: 'POST',
    path: all(bench.namespace),
    body: {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'prod.1' },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'steersman.dev/controller',
      reportingInstance: 'one',
      reason: 'Reason',
      action: 'Act',
      type: 'Normal',
      note: 'note',
      regarding: { kind: 'Environment', name: 'prod', namespace: bench.namespace },
      ...change,
    },
  })
