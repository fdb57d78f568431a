import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '../../ports/clock.ts'
import type { Store } from '../../ports/store.ts'

export interface Readiness {
  readonly ready: boolean
  readonly reasons: readonly string[]
}

export interface ProbeOptions {
  readonly store: Pick<Store, 'get'>
  readonly clock: Clock
  readonly ready: () => Readiness
  readonly metrics: {
    text(accept: string | undefined): Promise<{ readonly body: string; readonly contentType: string }>
  }
}

/** A probe waits at most so long for the store. */
const STORE_MS = 2_000

/**
 * `/healthz` tells that the process lives, `/readyz` that it works, `/metrics` what it measured. `knows` says who may read why it is not
 * ready; `assertReader` throws for those who may not read metrics.
 */
export function addProbes(
  app: FastifyInstance,
  options: ProbeOptions,
  {
    knows,
    assertReader,
  }: {
    readonly knows: (request: FastifyRequest) => boolean
    readonly assertReader: (request: FastifyRequest) => void
  },
): void {
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', async (request, reply) => {
    const { ready, reasons } = await readiness(options)
    reply.code(ready ? 200 : 503)
    return knows(request) ? { ready, reasons } : { ready }
  })
  app.get('/metrics', async (request, reply) => {
    assertReader(request)
    const { body, contentType } = await options.metrics.text(request.headers.accept)
    return reply.header('content-type', contentType).send(body)
  })
}

async function readiness({ store, clock, ready }: ProbeOptions): Promise<Readiness> {
  const state = ready()
  const trouble = (await isReadable(store, clock)) ? [] : ['the store does not answer']
  return { ready: state.ready && trouble.length === 0, reasons: [...state.reasons, ...trouble] }
}

async function isReadable(store: Pick<Store, 'get'>, clock: Clock): Promise<boolean> {
  let cancel = (): void => undefined
  const late = new Promise<false>((resolve) => {
    cancel = clock.setTimer(STORE_MS, () => resolve(false))
  })
  const read = store.get('Environment', 'readiness').then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([read, late])
  } finally {
    cancel()
  }
}
