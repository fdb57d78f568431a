import type { Gate, GateStage } from './generated/release.ts'

/** The kinds of check, each with the stage that a gate of that kind runs in when it names none. */
const GATE_STAGES = {
  http: 'Verify',
  task: 'BeforeProvision',
  cloudwatch: 'Bake',
  prometheus: 'Bake',
  manual: 'BeforeShift',
  webhook: 'AfterSuccess',
  alarms: 'Bake',
} as const satisfies Partial<Record<keyof Gate, GateStage>>

/** The stage in which a gate runs: the one it names, else the one of its kind. */
export function gateStage(gate: Gate): GateStage {
  if (gate.when) return gate.when
  for (const kind of Object.keys(GATE_STAGES) as (keyof typeof GATE_STAGES)[]) {
    if (gate[kind] !== undefined && gate[kind] !== null) return GATE_STAGES[kind]
  }
  return 'Verify'
}
