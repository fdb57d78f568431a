import { describe, expect, it } from 'vitest'

import type { Engine } from '../../../controller/engine/engine.ts'
import { ensureEnvironment } from '../../../controller/engine/environment/object.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { StoredObject } from '../../../controller/ports/store.ts'
import { environmentOf } from '../../support/machine/environment.ts'

/** A store in which somebody writes the status between a read and the write after it, so many times. */
function busyStore(times: number) {
  let version = 1
  let left = times
  let object: StoredObject = {
    kind: 'Environment',
    metadata: { name: 'demo', resourceVersion: '1' },
    spec: {},
    status: { looks: 0 },
  } as never
  const store = {
    get: async () => object,
    update: async (wanted: StoredObject) => {
      if (left > 0) {
        left -= 1
        version += 1
        object = {
          ...object,
          metadata: { ...object.metadata, resourceVersion: String(version) },
          status: { looks: version },
        }
      }
      if (wanted.metadata.resourceVersion !== object.metadata.resourceVersion)
        throw new PortError('changed meanwhile', { code: 'Conflict', handling: 'retry' })
      object = wanted
      return object
    },
  }
  return { engine: { ports: { store }, settings: {} } as unknown as Engine, stored: () => object }
}

const environment = environmentOf('demo', { path: '/repository', spec: {} })

describe('an environment that is configured anew', () => {
  it('is stored also where its status is written at the same time, and keeps that', async () => {
    const { engine, stored } = busyStore(2)
    await ensureEnvironment(engine, { environment })
    expect(stored().spec).toMatchObject({ source: environment.spec.source })
    expect(stored().status).toEqual({ looks: 3 })
  })

  it('is given up where that does not end', async () => {
    const { engine, stored } = busyStore(1_000)
    await expect(ensureEnvironment(engine, { environment })).rejects.toMatchObject({ code: 'Conflict' })
    expect(stored().spec).toEqual({})
  })
})
