import { describe, expect, it } from 'vitest'

import type { LoadedRelease } from '../../../controller/core/manifest.ts'
import type { Engine, EnvironmentState } from '../../../controller/engine/engine.ts'
import { COMMIT_ANNOTATION } from '../../../controller/engine/environment/images.ts'
import { mirrorReleases } from '../../../controller/engine/environment/releases.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { StoredObject } from '../../../controller/ports/store.ts'
import { annotations } from '../../../controller/resources/annotations.ts'
import { RELEASE_LABEL } from '../../../controller/resources/metadata.ts'

const web = (marks: Readonly<Record<string, string>>): StoredObject => ({
  apiVersion: 'steersman.dev/v1alpha1',
  kind: 'Release',
  metadata: {
    name: 'demo-web',
    labels: { [RELEASE_LABEL]: 'web' },
    annotations: marks,
    generation: 1,
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    uid: 'a',
  },
  spec: {},
})

/** Mirrors a commit onto a store in which the release is changed after it was listed; resolves to the annotations after. */
async function mirrored(listed: StoredObject, meanwhile: StoredObject): Promise<unknown> {
  let stored = meanwhile
  const store = {
    list: () => Promise.resolve({ items: [listed] }),
    get: () => Promise.resolve(stored),
    update(object: StoredObject) {
      if (object.metadata.resourceVersion !== stored.metadata.resourceVersion)
        return Promise.reject(new PortError('changed meanwhile', { code: 'Conflict', handling: 'retry' }))
      stored = object
      return Promise.resolve(object)
    },
  }
  const engine = { ports: { store } } as unknown as Engine
  const state = {
    environment: { metadata: { name: 'demo' } },
    mirrored: new Map(),
  } as unknown as EnvironmentState
  const loaded = [
    { outputReferences: [], release: { metadata: { name: 'web' }, spec: { taskDefinition: {} } } },
  ] as unknown as LoadedRelease[]
  const desire = { kind: 'Stalled', reason: 'PinMissing', message: '' } as const
  await mirrorReleases(engine, state, { loaded, desires: new Map([['web', desire]]), commit: 'c2' })
  return stored.metadata.annotations
}

describe('a Release that mirrors the branch', () => {
  const before = { [COMMIT_ANNOTATION]: 'c1', [annotations.restart]: 'first' }
  const listed = web(before)

  it('keeps what a person asked for while it is stored', async () => {
    const asked = web({ ...before, [annotations.restart]: 'second' })
    const meanwhile = { ...asked, metadata: { ...asked.metadata, resourceVersion: '2' } }
    await expect(mirrored(listed, meanwhile)).resolves.toEqual({
      [COMMIT_ANNOTATION]: 'c2',
      [annotations.restart]: 'second',
    })
  })

  it('forgets that it had left the branch', async () => {
    const removed = web({ ...before, [annotations.removed]: 'yesterday' })
    await expect(mirrored(removed, removed)).resolves.toEqual({ ...before, [COMMIT_ANNOTATION]: 'c2' })
  })
})
