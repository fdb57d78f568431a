import type { DefaultedEnvironment } from '../resources/types.ts'
import type { EnvironmentState } from './engine.ts'

/** An environment of which nothing was read yet. */
export const newState = (
  environment: DefaultedEnvironment,
  connections: EnvironmentState['connections'],
  ledSince: number,
): EnvironmentState => ({
  environment,
  connections,
  ledSince,
  held: undefined,
  desires: undefined,
  claimed: [],
  releases: [],
  read: undefined,
  root: undefined,
  infrastructure: undefined,
  infrastructureAsked: false,
  mirrored: new Map(),
  asked: undefined,
  dueAt: 0,
  fetched: undefined,
  lastSeen: new Map(),
  sweep: new Map(),
  rest: new Map(),
  woken: new Map(),
  changedBy: new Map(),
  asking: { off: false, marks: new Set() },
  listening: undefined,
  deep: new Map(),
  inventory: undefined,
})
