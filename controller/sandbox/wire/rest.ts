import { lambdaWire } from './lambda.ts'
import type { RestWire } from './rest-wire.ts'
import { schedulerWire } from './scheduler.ts'

/** The services that speak REST, by the name in a credential's scope. */
export const restWires: ReadonlyMap<string, RestWire> = new Map(
  [lambdaWire, schedulerWire].map((wire) => [wire.service, wire]),
)
