import type { Gate, GateStage } from './generated/release.ts'

interface KindOfGate {
  /** The stage of a gate that names none. */
  readonly usual: GateStage
  /** Every stage at which such a gate has somebody or something to ask. */
  readonly stages: readonly GateStage[]
}

const AGAINST_A_SIDE = ['Verify', 'BeforeShift', 'Shift', 'Bake', 'AfterSuccess'] as const
const BEFORE_TRAFFIC = ['BeforeProvision', 'Verify', 'BeforeShift'] as const
const OF_PEOPLE = ['BeforeProvision', 'BeforeShift', 'Bake', 'AfterSuccess', 'BeforeRollback'] as const
const MEASURED = ['BeforeProvision', 'Verify', 'BeforeShift', 'Shift', 'Bake', 'AfterSuccess'] as const
const EVERYWHERE = [...MEASURED, 'BeforeRollback'] as const

/** The kinds of check, each with where it may run. A side's http needs the side's tasks, and a person is not asked while weights move. */
const KINDS = {
  http: { usual: 'Verify', stages: AGAINST_A_SIDE },
  warming: { usual: 'BeforeShift', stages: ['Verify', 'BeforeShift'] },
  task: { usual: 'BeforeProvision', stages: [...BEFORE_TRAFFIC, 'AfterSuccess', 'BeforeRollback'] },
  lambda: { usual: 'Verify', stages: EVERYWHERE },
  script: { usual: 'Verify', stages: EVERYWHERE },
  cloudwatch: { usual: 'Bake', stages: MEASURED },
  prometheus: { usual: 'Bake', stages: MEASURED },
  manual: { usual: 'BeforeShift', stages: OF_PEOPLE },
  webhook: { usual: 'AfterSuccess', stages: EVERYWHERE },
  alarms: { usual: 'Bake', stages: MEASURED },
} as const satisfies Partial<Record<keyof Gate, KindOfGate>>

/** What a gate asks. */
export type GateKind = keyof typeof KINDS

const gateKinds = Object.keys(KINDS) as readonly GateKind[]

/** The kind of a gate; undefined for one that asks nothing, which its schema refuses. */
export const gateKind = (gate: Gate): GateKind | undefined =>
  gateKinds.find((kind) => gate[kind] !== undefined)

/** The stage in which a gate runs: the one it names, else the one of its kind. */
export function gateStage(gate: Gate): GateStage {
  const kind = gateKind(gate)
  return gate.when ?? (kind === undefined ? 'Verify' : KINDS[kind].usual)
}

/** The stages that a gate of this kind can have. */
export const stagesOf = (kind: GateKind): readonly GateStage[] => KINDS[kind].stages
