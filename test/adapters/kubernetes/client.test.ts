import { writeFileSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openKubeClient } from '../../../controller/adapters/kubernetes/client.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import type { KubeApi } from '../../support/kube-api/kube-api.ts'
import { openSmallServer } from './bench.ts'

const releases = '/apis/steersman.dev/v1alpha1/namespaces/steersman/releases'

let api: KubeApi
let close: () => Promise<void>

beforeEach(async () => {
  const opened = await openSmallServer()
  api = opened.api
  close = opened.close
})

afterEach(() => close())

describe('the connections to the API server', () => {
  it('are used again: twenty requests after one another take no handshake each', async () => {
    const client = openKubeClient({ KUBECONFIG: api.kubeconfig() }, systemClock)
    for (let count = 0; count < 20; count += 1) await client.request({ method: 'GET', path: releases })
    expect(api.requests).toHaveLength(20)
    // A request may come a moment before the connection of the last one is free.
    expect(api.connections).toBeLessThanOrEqual(3)
  })

  it('are about as many as there are requests at once', async () => {
    const client = openKubeClient({ KUBECONFIG: api.kubeconfig() }, systemClock)
    const five = () =>
      Promise.all([1, 2, 3, 4, 5].map(() => client.request({ method: 'GET', path: releases })))
    await five()
    await five()
    expect(api.requests).toHaveLength(10)
    expect(api.connections).toBeLessThanOrEqual(7)
  })

  it('are made anew after they were cut', async () => {
    const client = openKubeClient({ KUBECONFIG: api.kubeconfig() }, systemClock)
    await client.request({ method: 'GET', path: releases })
    api.cut()
    await new Promise((resolve) => setTimeout(resolve, 50))
    await client.request({ method: 'GET', path: releases })
    expect(api.connections).toBe(2)
  })

  it('trust what the file of certificates says now, not what it said once', async () => {
    const path = api.kubeconfig()
    const config = JSON.parse(readFileSync(path, 'utf8')) as {
      clusters: { cluster: Record<string, string> }[]
    }
    const cluster = config.clusters[0]?.cluster ?? {}
    const authority = `${path}.ca`
    writeFileSync(authority, Buffer.from(cluster['certificate-authority-data'] ?? '', 'base64'))
    delete cluster['certificate-authority-data']
    cluster['certificate-authority'] = authority
    writeFileSync(path, JSON.stringify(config))
    const client = openKubeClient({ KUBECONFIG: path }, systemClock)
    await client.request({ method: 'GET', path: releases })
    const other = await openSmallServer()
    try {
      const foreign = JSON.parse(readFileSync(other.api.kubeconfig(), 'utf8')) as typeof config
      const data = foreign.clusters[0]?.cluster['certificate-authority-data'] ?? ''
      writeFileSync(authority, Buffer.from(data, 'base64'))
    } finally {
      await other.close()
    }
    await expect(client.request({ method: 'GET', path: releases })).rejects.toMatchObject({
      code: 'StoreUnavailable',
    })
  })
})
