import { NO_ROLLOUT } from '../../run/strikes.ts'
import { table } from './table.ts'
import type { Tally } from './tally.ts'

/** In the order in which a rollout has them. */
const PHASES = [
  'Pending',
  'Provisioning',
  'Verifying',
  'AwaitingApproval',
  'Shifting',
  'Baking',
  'RollingBack',
  NO_ROLLOUT,
] as const

/** How many faults of each kind struck while some rollout was in each phase: a row a kind, a column a phase that was struck at all. */
export function coverageTable({ drawn, fired, firedByPhase }: Tally): string {
  const seen = [...firedByPhase.keys()]
  const phases = [
    ...PHASES.filter((phase) => seen.includes(phase)),
    ...seen.filter((phase) => !PHASES.some((known) => known === phase)),
  ]
  const rows = [...drawn.keys()]
    .toSorted()
    .map((kind) => [
      kind,
      drawn.get(kind) ?? 0,
      fired.get(kind) ?? 0,
      ...phases.map((phase) => firedByPhase.get(phase)?.get(kind) ?? 0),
    ])
  return table(['fault', 'drawn', 'fired', ...phases], rows)
}
