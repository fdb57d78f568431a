import { describe, expect, it } from 'vitest'
import type { DesiresRead, Engine, EnvironmentState } from '../../../controller/engine/engine.ts'
import { applyClaims, noteClaims, noteOwnClaims } from '../../../controller/engine/environment/claims.ts'
import { newState } from '../../../controller/engine/new-state.ts'
import type { StoredObject } from '../../../controller/ports/store.ts'
import { RELEASE_LABEL } from '../../../controller/resources/metadata.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'

const stateOf = (name: string): EnvironmentState =>
  newState(
    {
      metadata: { name },
      spec: { aws: { region: 'eu-west-1', accountId: '123456789012' } },
    } as EnvironmentState['environment'],
    {} as EnvironmentState['connections'],
    0,
  )

/** The fixture's release, with a target group of one's own. */
const spec = (blue: string): ReturnType<typeof desiredRelease>['spec'] => {
  const { traffic, ...rest } = desiredRelease({ rules: [`arn:rule/${blue}`] }).spec
  if (traffic === undefined) throw new Error('the fixture has traffic')
  const { test: _test, ...own } = traffic
  const service = { ...rest.service, names: { blue: `${blue}-1`, green: `${blue}-2` } }
  return { ...rest, service, traffic: { ...own, targetGroups: { blue, green: `${blue}-other` } } }
}

const stored = (blue: string, generation: number): StoredObject => ({
  apiVersion: 'steersman.dev/v1alpha1',
  kind: 'Release',
  metadata: {
    name: 'other-web',
    labels: { [RELEASE_LABEL]: 'web' },
    generation,
    resourceVersion: String(generation),
    creationTimestamp: '2026-01-01T00:00:00Z',
    uid: 'a',
  },
  spec: { ...spec(blue) },
})

const read = (blue: string): Extract<DesiresRead, { kind: 'Read' }> => ({
  kind: 'Read',
  loaded: [
    {
      outputReferences: [],
      release: {
        apiVersion: 'steersman.dev/v1alpha1',
        kind: 'Release',
        metadata: { name: 'web' },
        spec: spec(blue),
      },
    },
  ],
  desires: new Map([['web', { kind: 'Ready', release: desiredRelease(), rendered: undefined }]]),
  infrastructure: undefined,
})

/** Two environments, of which the second is led for as long as `isLed` says. */
function twoEnvironments(items: readonly StoredObject[]) {
  const [own, other] = [stateOf('own'), stateOf('other')]
  const held = { isLed: false, items }
  const engine = {
    environments: new Map([
      ['own', own],
      ['other', other],
    ]),
    leads: { of: (name: string) => ({ holds: () => name === 'own' || held.isLed }) },
    ports: { store: { list: () => Promise.resolve({ items: held.items, resourceVersion: '1' }) } },
    enqueueEnvironment: () => undefined,
  } as unknown as Engine
  const kindOfWeb = (of = read('mine')): string | undefined => {
    noteOwnClaims(own, of)
    return applyClaims(engine, own, of.desires).get('web')?.kind
  }
  return { engine, own, other, held, kindOfWeb }
}

describe('what releases of several environments claim', () => {
  it('stops those that claim the same, until one of them no longer does', async () => {
    const { engine, held, kindOfWeb } = twoEnvironments([stored('mine', 1)])
    const mine = read('mine')
    await noteClaims(engine)
    expect(kindOfWeb(mine)).toBe('Stalled')
    expect(kindOfWeb(mine)).toBe('Stalled')
    held.items = [stored('another', 2)]
    await noteClaims(engine)
    expect(kindOfWeb(mine)).toBe('Ready')
  })

  it('stays the very same while nothing changes', async () => {
    const { engine, own, other } = twoEnvironments([stored('another', 1)])
    const mine = read('mine')
    noteOwnClaims(own, mine)
    await noteClaims(engine)
    const before = [own.claimed, other.claimed]
    noteOwnClaims(own, mine)
    await noteClaims(engine)
    expect(own.claimed).toBe(before[0])
    expect(other.claimed).toBe(before[1])
  })

  it('is what the store says again, where a lease was lost before what was read was stored', async () => {
    const { engine, other, held, kindOfWeb } = twoEnvironments([stored('mine', 1)])
    await noteClaims(engine)
    held.isLed = true
    noteOwnClaims(other, read('another'))
    expect(kindOfWeb()).toBe('Ready')
    held.isLed = false
    await noteClaims(engine)
    expect(kindOfWeb()).toBe('Stalled')
  })

  it('is what was read again, where a lease that had lapsed is ours after all', async () => {
    const { engine, other, held, kindOfWeb } = twoEnvironments([stored('mine', 2)])
    const others = read('another')
    held.isLed = true
    noteOwnClaims(other, others)
    held.isLed = false
    await noteClaims(engine)
    expect(kindOfWeb()).toBe('Stalled')
    held.isLed = true
    noteOwnClaims(other, others)
    expect(kindOfWeb()).toBe('Ready')
  })
})
