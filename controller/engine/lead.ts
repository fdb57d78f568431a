import { PortError } from '../ports/error.ts'
import type { Clock } from '../ports/clock.ts'
import type { Lease, Leases } from '../ports/store.ts'
import type { Telemetry } from '../ports/telemetry.ts'

/** Written so often, and believed for so long: a controller that stands still longer than the second no longer acts. */
export const HEARTBEAT_MS = 5_000
export const LEASE_MS = 15_000

/** Whether this controller may act, and for how long that is sure. */
export interface Lead {
  /** Takes the lease once; throws `LeaseHeld` (stall) when another live controller has it. */
  begin(): Promise<Lease>
  /** Throws `LeaseLost` (retry) unless the lease is ours for at least that long: asked before each write. */
  assertHeldFor(durationMs: number): void
  holds(): boolean
  /** Stops the heartbeat and gives the lease up. */
  end(): Promise<void>
}

/** Holds one lease by heartbeat. Expiry is counted from before the renewal was sent, on the monotonic clock, so a late answer or a clock jump can't lengthen it. */
export function createLead(settings: {
  readonly clock: Clock
  readonly leases: Leases
  readonly telemetry: Telemetry
  readonly name: string
  readonly onTaken?: () => void
}): Lead {
  const { clock, leases, telemetry, name } = settings
  let lease: Lease | undefined
  let safeUntil = -Infinity
  let cancel: (() => void) | undefined

  async function renew(): Promise<Lease | undefined> {
    const askedAt = clock.monotonic()
    const attempt = await leases.acquire({ name, durationMs: LEASE_MS })
    if (!attempt.held) {
      lose(`held by process ${attempt.by.holder.pid} on ${attempt.by.holder.host}`)
      return undefined
    }
    const before = lease
    lease = attempt.lease
    safeUntil = askedAt + LEASE_MS
    if (before?.epoch !== lease.epoch) {
      tell(true, lease.epoch, 'the lease is ours')
      settings.onTaken?.()
    }
    return lease
  }

  function lose(message: string): void {
    const epoch = lease?.epoch ?? 0
    if (lease !== undefined) tell(false, epoch, message)
    lease = undefined
    safeUntil = -Infinity
  }

  function tell(held: boolean, epoch: number, message: string): void {
    telemetry.emit({ type: 'LeaseChanged', lease: name, held, epoch, message })
  }

  function beat(): void {
    cancel = clock.setTimer(HEARTBEAT_MS, () => {
      void renew()
        .catch((error: unknown) =>
          tell(lease !== undefined, lease?.epoch ?? 0, `heartbeat failed: ${messageOf(error)}`),
        )
        .then(beat)
    })
  }

  async function begin(): Promise<Lease> {
    const attempt = await leases.acquire({ name, durationMs: LEASE_MS })
    if (!attempt.held) {
      const { host, pid } = attempt.by.holder
      throw new PortError(`another controller acts on this data directory: process ${pid} on ${host}`, {
        code: 'LeaseHeld',
        handling: 'stall',
        remedy: 'stop that process, or give this one its own dataDir',
      })
    }
    const taken = await renew()
    if (taken === undefined) throw leaseLost()
    beat()
    return taken
  }

  async function end(): Promise<void> {
    cancel?.()
    const held = lease
    lease = undefined
    safeUntil = -Infinity
    if (held !== undefined) await leases.release(held)
  }

  return {
    begin,
    end,
    holds: () => clock.monotonic() < safeUntil,
    assertHeldFor: (durationMs) => {
      if (clock.monotonic() + durationMs >= safeUntil) throw leaseLost()
    },
  }
}

const leaseLost = (): PortError =>
  new PortError('the lease may expire before the call ends, so nothing is written', {
    code: 'LeaseLost',
    handling: 'retry',
  })

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
