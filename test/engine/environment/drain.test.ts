import { describe, expect, it } from 'vitest'

import type { Engine, EnvironmentState } from '../../../controller/engine/engine.ts'
import { drainEnvironment, isDraining } from '../../../controller/engine/environment/drain.ts'
import type { StoredObject } from '../../../controller/ports/store.ts'
import type { EnvironmentStatus } from '../../../controller/resources/types.ts'

const object = (
  kind: 'Environment' | 'Release',
  name: string,
  more: Partial<StoredObject> = {},
): StoredObject => ({
  apiVersion: 'steersman.dev/v1alpha1',
  kind,
  metadata: {
    name: kind === 'Release' ? `prod-${name}` : name,
    labels: { 'steersman.dev/environment': 'prod', 'steersman.dev/release': name },
    generation: 2,
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    uid: name,
  },
  spec: {},
  ...more,
})

const release = (name: string, spec: Readonly<Record<string, unknown>>, says?: string): StoredObject =>
  object('Release', name, {
    spec,
    status: {
      conditions: says === undefined ? [] : [{ type: 'Ready', status: 'False', reason: 'R', message: says }],
    },
  })

const rule = { traffic: { rule: { port: 443 } } }

/** What one look at the deleted Environment makes of these Releases. */
async function drained(releases: readonly StoredObject[]) {
  const environment = object('Environment', 'prod')
  const enqueued: string[] = []
  let status: EnvironmentStatus = {}
  const store = {
    list: async () => ({ items: releases }),
    get: async (_kind: string, name: string) => releases.find(({ metadata }) => metadata.name === name),
    async updateStatus(changed: StoredObject) {
      status = changed.status as EnvironmentStatus
      return changed
    },
  }
  const engine = {
    ports: { store, clock: { now: () => 0, wall: () => 0 }, telemetry: { emit: () => undefined } },
    enqueuePatiently: ({ release: name }: { release: string }) => void enqueued.push(name),
    environments: new Map(),
  } as unknown as Engine
  const spec = {
    deletionPolicy: 'Drain',
    prune: false,
    source: { branch: 'main' },
    drift: { unmanaged: 'Ignore' },
  }
  const state = {
    environment: { metadata: { name: 'prod' }, spec },
    desires: undefined,
    infrastructure: {},
    deep: new Map(),
    mirrored: new Map(),
  } as unknown as EnvironmentState
  await drainEnvironment({ engine, state, object: environment, status: {}, requestedAt: 'now' })
  const after = Object.fromEntries(
    [...(state.desires ?? [])].map(([name, desire]) => [
      name,
      desire.kind === 'Removed' && desire.prune ? desire.after : '',
    ]),
  )
  return { after, enqueued, status, state }
}

const conditionsOf = ({ conditions = [] }: EnvironmentStatus): Record<string, string> =>
  Object.fromEntries(
    conditions.map(({ type, status, reason, message }) => [type, `${status} ${reason}: ${message}`]),
  )

describe('a deleted Environment that is drained', () => {
  it('is one whose object is deleted, and says so', () => {
    const ending = {
      metadata: { ...object('Environment', 'prod').metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    }
    const says = (deletionPolicy: string | undefined) =>
      ({ environment: { spec: { deletionPolicy } } }) as unknown as EnvironmentState
    expect(isDraining(says('Drain'), object('Environment', 'prod', ending))).toBe(true)
    expect(isDraining(says('Drain'), object('Environment', 'prod'))).toBe(false)
    expect(isDraining(says('Orphan'), object('Environment', 'prod', ending))).toBe(false)
    expect(isDraining(says(undefined), object('Environment', 'prod', ending))).toBe(false)
  })

  it('wants every stored release gone, each after those that may need it, and asks Terraform for nothing', async () => {
    const { after, enqueued, state } = await drained([
      release('web', { ...rule, dependsOn: [{ name: 'api' }] }),
      release('api', rule),
      release('worker', {}),
    ])
    expect(after).toEqual({ web: [], api: ['web'], worker: ['api', 'web'] })
    expect(enqueued).toEqual(['web', 'api', 'worker'])
    expect(state.infrastructure).toBeUndefined()
  })

  it('says of each release what it waits for, but not of more than five', async () => {
    const { status } = await drained([release('web', rule, 'its rule sends requests'), release('api', rule)])
    const message =
      'the Environment is deleted: 2 of its releases are taken down first; web: its rule sends requests; api: not looked at yet'
    expect(conditionsOf(status)).toMatchObject({
      Ready: `False Draining: ${message}`,
      Reconciling: `True Draining: ${message}`,
    })
    expect(status).toMatchObject({ observedGeneration: 2, lastHandledReconcileAt: 'now' })
    const many = await drained(Array.from({ length: 7 }, (_, index) => release(`r${index}`, rule)))
    expect(conditionsOf(many.status)['Ready']).toMatch(
      /7 of its releases .*; r4: not looked at yet; and 2 more$/,
    )
  })

  it('says that nothing runs any more when no release is left', async () => {
    const { status, after } = await drained([])
    expect(after).toEqual({})
    expect(conditionsOf(status)['Ready']).toMatch(/nothing of it runs any more$/)
  })
})
