import { timestamp } from '../../core/time.ts'
import type { TerraformEvent } from '../../ports/terraform.ts'
import type { InfrastructureTurn } from './turn.ts'

const RESULTS = {
  ResourceStarted: 'started',
  ResourceCompleted: 'done',
  ResourceFailed: 'failed',
} as const

/** Tells what Terraform does to which resource, and remembers what is done for the timeline of the commit's rollouts. */
export function tellResource({ engine, environment, done }: InfrastructureTurn, event: TerraformEvent): void {
  if (event.type === 'Warning' || event.type === 'ResourceProgress') return
  const { address, action, elapsedSeconds } = event
  engine.ports.telemetry.emit({
    type: 'ResourceChanged',
    environment,
    address,
    action,
    result: RESULTS[event.type],
    elapsedSeconds,
  })
  // What is only read, as a data source already while it is planned, changes nothing.
  if (event.type !== 'ResourceCompleted' || action === 'read') return
  const now = engine.ports.clock.now()
  const startedAt = timestamp(now - elapsedSeconds * 1000)
  done.push({ address, action, startedAt, finishedAt: timestamp(now) })
}
