import type { Config } from '../config.ts'
import type { Controller } from '../engine/controller.ts'
import type { Clock } from '../ports/clock.ts'
import { PortError } from '../ports/error.ts'
import type { Store } from '../ports/store.ts'
import type { Closers } from './closers.ts'
import type { StartedEngine } from './started-engine.ts'
import type { FollowOptions } from './stored-environments.ts'
import { followStoredEnvironments } from './stored-environments.ts'

/** How often a controller that stands by asks whether the lease is free, in milliseconds: a part of how long a lease lasts. */
const ASK_MS = 1_000

/**
 * Lets a controller wait for the lease beside the one that holds it, and act once it is its own. What the API shows and takes meanwhile is in the store, so a
 * controller that stands by is ready too.
 */
export function standBy({
  config,
  controller,
  store,
  environments,
  prepare,
  telling,
  clock,
  closers,
  onFailed,
}: {
  readonly config: Pick<Config, 'directory'>
  readonly controller: Controller
  readonly store: Store
  readonly environments: FollowOptions['environments']
  readonly prepare: FollowOptions['prepare']
  readonly telling: FollowOptions['telling']
  readonly clock: Clock
  readonly closers: Pick<Closers, 'add'>
  readonly onFailed: (reason: Error) => void
}): StartedEngine {
  const ended = new AbortController()
  let acts = false
  const working = work().catch((error: unknown) => {
    if (!ended.signal.aborted) onFailed(error instanceof Error ? error : new Error(String(error)))
  })
  closers.add(async () => {
    ended.abort()
    await working
  })
  return { controller, store, ready: () => (acts ? controller.ready() : { ready: true, reasons: [] }) }

  async function work(): Promise<void> {
    if (!(await isTaken({ controller, telling, clock, signal: ended.signal }))) return
    acts = true
    await followStoredEnvironments({
      config,
      controller,
      store,
      environments,
      prepare,
      telling,
      clock,
      signal: ended.signal,
    })
  }
}

/** Resolves to whether the lease is ours; false when the end came first. */
async function isTaken({
  controller,
  telling,
  clock,
  signal,
}: {
  readonly controller: Controller
  readonly telling: FollowOptions['telling']
  readonly clock: Clock
  readonly signal: AbortSignal
}): Promise<boolean> {
  let told = ''
  while (!signal.aborted) {
    try {
      await controller.start()
      return true
    } catch (error) {
      if (!(error instanceof PortError) || !mayPass(error)) throw error
      if (error.message !== told)
        telling.log.info('standing by until the lease is free', { reason: error.message })
      told = error.message
    }
    await clock.sleep(ASK_MS, signal).catch(() => undefined)
  }
  return false
}

/** Another one holds the lease, or the cluster does not answer for a while. */
const mayPass = ({ code, handling }: PortError): boolean => code === 'LeaseHeld' || handling === 'retry'
