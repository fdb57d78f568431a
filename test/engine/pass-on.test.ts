import { describe, expect, it } from 'vitest'
import type { Engine, EnvironmentState, SharedStore } from '../../controller/engine/engine.ts'
import { passOn, storedReleases, takeUp } from '../../controller/engine/pass-on.ts'
import { PortError } from '../../controller/ports/error.ts'
import type { Kind, StoredObject } from '../../controller/ports/store.ts'
import { FakeClock } from '../support/fake-clock.ts'

const object = (
  kind: Kind,
  release: string,
  status: Readonly<Record<string, unknown>> = {},
): StoredObject => ({
  apiVersion: 'steersman.dev/v1alpha1',
  kind,
  metadata: {
    name: kind === 'Environment' ? 'prod' : `prod-${release}`,
    labels: { 'steersman.dev/environment': 'prod', 'steersman.dev/release': release },
    annotations: { kept: 'yes' },
    generation: 1,
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    uid: `${kind}-${release}`,
  },
  spec: { service: { cluster: 'shop' } },
  status,
})

/** A store of these objects that refuses the first updates, as where somebody else writes as well. */
function storeOf(objects: readonly StoredObject[], refusals: readonly string[] = []) {
  const left = [...refusals]
  const updated: StoredObject[] = []
  const store: SharedStore = {
    get: async (kind, name) =>
      updated.findLast((each) => each.kind === kind && each.metadata.name === name) ??
      objects.find((each) => each.kind === kind && each.metadata.name === name),
    list: async () => ({ items: objects, resourceVersion: '1' }),
    update: async (given) => {
      const code = left.shift()
      if (code !== undefined) throw new PortError('refused', { code, handling: 'retry' })
      updated.push(given)
      return given
    },
  }
  return { store, updated, marks: () => updated.map(({ metadata }) => metadata.annotations) }
}

const web = { environment: 'prod', release: 'web' }

describe('what concerns another controller', () => {
  it('is marked on the release, beside the marks that are there', async () => {
    const { store, marks, updated } = storeOf([object('Release', 'web')])
    await passOn({ store, clock: { now: () => Date.parse('2026-01-02T00:00:00Z') } }, web)
    expect(updated.map(({ metadata: { name } }) => name)).toEqual(['prod-web'])
    expect(marks()).toEqual([{ kept: 'yes', 'steersman.dev/heardAt': '2026-01-02T00:00:00.000Z' }])
  })

  it('is marked on the environment where it is about no release', async () => {
    const { store, updated } = storeOf([object('Environment', '')])
    await passOn({ store, clock: new FakeClock() }, { environment: 'prod', release: undefined })
    expect(updated.map(({ kind }) => kind)).toEqual(['Environment'])
  })

  it('is marked anew each time, whatever the clock says', async () => {
    const { store, marks } = storeOf([object('Release', 'web')])
    const clock = { now: () => 1_000 }
    await passOn({ store, clock }, web)
    await passOn({ store, clock }, web)
    expect(marks().map((all) => all?.['steersman.dev/heardAt'])).toEqual([
      '1970-01-01T00:00:01.000Z',
      '1970-01-01T00:00:01.001Z',
    ])
  })

  it('is marked although whoever leads writes as well, and no mark is made on what is not there', async () => {
    const busy = storeOf([object('Release', 'web')], ['Conflict', 'Conflict'])
    await passOn({ store: busy.store, clock: new FakeClock() }, web)
    expect(busy.updated).toHaveLength(1)
    const empty = storeOf([])
    await passOn({ store: empty.store, clock: new FakeClock() }, web)
    expect(empty.updated).toEqual([])
  })

  it.each([['StoreUnavailable'], Array.from({ length: 5 }, () => 'Conflict')])(
    'is told as an error where it could not be marked: %s',
    async (...refusals) => {
      const { store } = storeOf([object('Release', 'web')], refusals)
      await expect(passOn({ store, clock: new FakeClock() }, web)).rejects.toMatchObject({
        code: refusals[0],
      })
    },
  )

  it('is looked for among the stored releases, whatever they have rolled out', async () => {
    const served = object('Release', 'api', { rollout: 'prod-api-2' })
    const { store } = storeOf([object('Release', 'web'), served])
    const known = { spec: { service: { cluster: 'shop' } }, waits: true, rules: [] }
    expect(await storedReleases(store, 'prod')).toEqual([
      { name: 'web', ...known },
      { name: 'api', ...known },
    ])
  })
})

describe('what another controller has heard', () => {
  function engineWith(desire: 'Ready' | 'Waiting' | undefined) {
    const asked: string[] = []
    const state = {
      connections: { events: { outdate: () => asked.push('outdated') } },
      woken: new Map<string, number>(),
      desires: desire === undefined ? undefined : new Map([['web', { kind: desire }]]),
    }
    const engine = {
      ports: { clock: new FakeClock() },
      environments: new Map([['prod', state as unknown as EnvironmentState]]),
      enqueueEnvironment: (name: string) => asked.push(name),
      enqueuePatiently: ({ environment, release }: typeof web) => asked.push(`${environment}/${release}`),
    } as unknown as Engine
    return { engine, asked, woken: state.woken }
  }

  it('has the release looked at with a look of its own', () => {
    const { engine, asked, woken } = engineWith('Ready')
    takeUp(engine, web)
    expect(asked).toEqual(['outdated', 'prod/web'])
    expect([...woken.keys()]).toEqual(['web'])
  })

  it.each([
    ['Ready', []],
    ['Waiting', ['outdated', 'prod']],
    [undefined, ['outdated', 'prod']],
  ] as const)('has an environment of which a release is %s look for %j', (desire, expected) => {
    const { engine, asked } = engineWith(desire)
    takeUp(engine, { environment: 'prod', release: undefined })
    expect(asked).toEqual(expected)
  })

  it('is nothing to who has no such environment', () => {
    const { engine, asked } = engineWith('Ready')
    takeUp(engine, { environment: 'other', release: 'web' })
    expect(asked).toEqual([])
  })
})
