import type { RolloutView } from '../../api/client.ts'
import type { Columns } from '../columns.ts'
import { NONE, ago, roughly, shortCommit, shortTaskDefinition } from '../words.ts'

/** The image's tag or digest, else the task definition. */
export function versionOf({ spec }: Pick<RolloutView, 'spec'>): string {
  const { image, taskDefinition } = spec
  return image?.tag ?? image?.digest.slice(0, 19) ?? shortTaskDefinition(taskDefinition)
}

/** From start to end, or till now. */
function tookText({ status }: Pick<RolloutView, 'status'>, nowMs: number): string {
  const { startedAt, finishedAt } = status ?? {}
  if (startedAt === undefined) return NONE
  return roughly((finishedAt === undefined ? nowMs : Date.parse(finishedAt)) - Date.parse(startedAt))
}

/** What a person wants to know of rollouts in one line each. */
export const rolloutColumns: Columns<RolloutView> = [
  { head: 'NAME', cell: ({ metadata }) => metadata.name },
  { head: 'PHASE', cell: ({ status }) => status?.phase ?? 'Pending' },
  { head: 'VERSION', cell: versionOf },
  { head: 'WHY', cell: ({ spec }) => spec.why },
  { head: 'TO', cell: ({ spec }) => spec.to.side ?? 'service' },
  { head: 'STARTED', cell: ({ status }, nowMs) => ago(status?.startedAt, nowMs) },
  { head: 'TOOK', cell: tookText },
  { head: 'WHO', wide: true, cell: ({ spec }) => spec.who },
  { head: 'COMMIT', wide: true, cell: ({ spec }) => shortCommit(spec.commit) },
  { head: 'TASK DEFINITION', wide: true, cell: ({ spec }) => shortTaskDefinition(spec.taskDefinition) },
  { head: 'MESSAGE', cell: ({ status }) => status?.message ?? NONE },
]

/** A release's attempts, as its history tells them. */
export const historyColumns: Columns<RolloutView> = [
  { head: 'NUMBER', cell: ({ spec }) => String(spec.number) },
  { head: 'VERSION', cell: versionOf },
  { head: 'WHY', cell: ({ spec }) => spec.why },
  { head: 'WHO', cell: ({ spec }) => spec.who },
  { head: 'OUTCOME', cell: ({ status }) => status?.outcome ?? status?.phase ?? 'Pending' },
  { head: 'WHEN', cell: ({ status }) => status?.startedAt ?? NONE },
  { head: 'DURATION', cell: tookText },
  { head: 'MESSAGE', cell: ({ status }) => status?.message ?? NONE },
]
