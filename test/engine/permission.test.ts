import { describe, expect, it } from 'vitest'
import { perform } from '../../controller/engine/act.ts'
import { assertMayWriteTo, mayWriteTo } from '../../controller/engine/permission.ts'
import { blankObservation } from '../../controller/engine/observe.ts'
import type { Turn } from '../../controller/engine/turn.ts'
import type { StoredObject } from '../../controller/ports/store.ts'
import { annotations } from '../../controller/resources/annotations.ts'
import { FakeClock } from '../support/fake-clock.ts'

type Asked = Parameters<typeof mayWriteTo>[0]

const objectOf = (kind: 'Environment' | 'Release', marks: Record<string, string> = {}): StoredObject => ({
  apiVersion: 'steersman.dev/v1alpha1',
  kind,
  metadata: {
    name: 'demo',
    annotations: marks,
    generation: 1,
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    uid: 'a',
  },
  spec: {},
})

const paused = objectOf('Environment', { [annotations.paused]: '2026-01-01T00:00:00Z' })

/** The environment as it is stored and configured at a moment; undefined where there is none. */
const asked = (object: StoredObject | undefined, suspend: boolean | undefined): Asked =>
  ({
    environments: new Map(suspend === undefined ? [] : [['demo', { environment: { spec: { suspend } } }]]),
    ports: { store: { get: () => Promise.resolve(object) } },
  }) as unknown as Asked

describe('whether an environment may be written to', () => {
  it.each([
    ['it is as usual', objectOf('Environment'), false, true],
    ['it was not stored yet', undefined, false, true],
    ['it is suspended', objectOf('Environment'), true, false],
    ['a person paused it', paused, false, false],
    ['it left the configuration', objectOf('Environment'), undefined, false],
  ])('when %s', async (_title, object, suspend, expected) => {
    await expect(mayWriteTo(asked(object, suspend), 'demo')).resolves.toBe(expected)
  })

  it('is said as something to wait for', async () => {
    await expect(assertMayWriteTo(asked(paused, false), 'demo')).rejects.toMatchObject({
      code: 'Suspended',
      handling: 'wait',
    })
  })
})

describe('an action of a turn', () => {
  /** A turn that began before the pause; its disk takes so long that the pause is there when the intent is stored. */
  function slowTurn(): { readonly turn: Turn; readonly sent: string[]; readonly stored: object[] } {
    const sent: string[] = []
    const stored: object[] = []
    let environment = objectOf('Environment')
    const store = {
      get: () => Promise.resolve(environment),
      updateStatus(object: StoredObject) {
        environment = paused
        stored.push(object.status ?? {})
        return Promise.resolve(object)
      },
    }
    const platform = { tagService: () => Promise.resolve(void sent.push('TagService')) }
    const engine = {
      ports: { store, clock: new FakeClock(), telemetry: { emit: () => undefined } },
      settings: { callTimeoutMs: 10_000, stalenessBoundMs: 60_000 },
      leads: { of: () => ({ assertHeldFor: () => undefined }) },
      environments: new Map([['demo', { environment: { spec: { suspend: false } } }]]),
    }
    const turn = {
      engine,
      state: { connections: { platform } },
      key: { environment: 'demo', release: 'web' },
      release: objectOf('Release'),
      status: {},
      observation: blankObservation,
    } as unknown as Turn
    return { turn, sent, stored }
  }

  it('is not carried out once the environment is paused, and leaves no trace of a write', async () => {
    const { turn, sent, stored } = slowTurn()
    const action = { kind: 'TagService', side: 'blue', tags: { team: 'a' } } as const
    const done = perform(turn, { action, before: '', drift: true })
    await expect(done).rejects.toMatchObject({ code: 'Suspended' })
    expect(sent).toEqual([])
    expect(stored.length).toBeGreaterThan(1)
    expect(turn.status.writes).toEqual({})
  })
})
