import { describe, expect, it } from 'vitest'
import { followStore } from '../../controller/engine/follow-store.ts'
import type { StoredObject, WatchEvent } from '../../controller/ports/store.ts'
import { FakeClock } from '../support/fake-clock.ts'

const object = (
  kind: StoredObject['kind'],
  annotations?: Readonly<Record<string, string>>,
  status: Readonly<Record<string, unknown>> = {},
): StoredObject => ({
  apiVersion: 'steersman.dev/v1alpha1',
  kind,
  metadata: {
    name: kind === 'Environment' ? 'prod' : 'prod-web',
    labels: { 'steersman.dev/environment': 'prod', 'steersman.dev/release': 'web' },
    ...(annotations === undefined ? {} : { annotations }),
    generation: 1,
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    uid: kind,
  },
  spec: {},
  status,
})

/** Follows watches that give these events, one watch after the other, and ends after the last. */
async function followed(...watches: readonly (readonly WatchEvent[] | Error)[]): Promise<readonly string[]> {
  const clock = new FakeClock()
  const abort = new AbortController()
  const told: string[] = []
  const left = [...watches]
  const following = followStore({
    clock,
    signal: abort.signal,
    store: {
      watch: () => {
        const events = left.shift() ?? []
        if (left.length === 0) abort.abort()
        if (events instanceof Error) throw events
        return (async function* () {
          yield* events
        })()
      },
    },
    onMarked: ({ environment, release }) => told.push(`${environment}/${release ?? ''}`),
    onHeard: ({ environment, release }) => told.push(`${environment}/${release ?? ''} was heard of`),
    onMissed: () => told.push('missed'),
  })
  for (let turn = 0; turn < watches.length; turn += 1) await clock.advance(1_000)
  await following
  return told
}

const modified = (given: StoredObject): WatchEvent => ({ type: 'MODIFIED', object: given })

describe('following the store', () => {
  it('tells of objects whose annotations changed, by environment and release', async () => {
    expect(
      await followed([
        modified(object('Release', { a: '1' })),
        modified(object('Release', { a: '1' }, { phase: 'Shifting' })),
        modified(object('Release', { a: '2' })),
        modified(object('Environment', { a: '1' })),
      ]),
    ).toEqual(['prod/web', 'prod/web', 'prod/'])
  })

  it('tells what a controller has heard from what people ask for', async () => {
    const heard = { 'steersman.dev/heardAt': '2026-01-01T00:00:00Z' }
    expect(
      await followed([
        modified(object('Release', { a: '1' })),
        modified(object('Release', { a: '1', ...heard })),
        modified(object('Release', { a: '1', ...heard }, { phase: 'Shifting' })),
        modified(object('Release', { a: '2', 'steersman.dev/heardAt': '2026-01-01T00:00:01Z' })),
        modified(object('Environment', heard)),
      ]),
    ).toEqual(['prod/web', 'prod/web was heard of', 'prod/web', 'prod/ was heard of'])
  })

  it('says nothing of what the engine itself writes', async () => {
    expect(
      await followed([
        { type: 'ADDED', object: object('Rollout') },
        modified(object('Rollout', undefined, { phase: 'Baking' })),
        { type: 'DELETED', object: object('Rollout') },
      ]),
    ).toEqual([])
  })

  it('says that it may have missed something where the watch expired or failed, and watches anew', async () => {
    expect(
      await followed([{ type: 'EXPIRED' }], new Error('the store is away'), [
        modified(object('Release', { a: '1' })),
      ]),
    ).toEqual(['missed', 'missed', 'prod/web'])
  })
})
