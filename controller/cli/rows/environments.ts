import type { EnvironmentView } from '../../api/client.ts'
import { findCondition } from '../../resources/conditions.ts'
import type { Columns } from '../columns.ts'
import { NONE, ago, shortCommit } from '../words.ts'

/** What a person wants to know of environments in one line each. */
export const environmentColumns: Columns<EnvironmentView> = [
  { head: 'NAME', cell: ({ metadata }) => metadata.name },
  {
    head: 'READY',
    cell: ({ status }) => findCondition(status?.conditions ?? [], 'Ready')?.status ?? 'Unknown',
  },
  { head: 'BRANCH', cell: ({ spec }) => spec.source.branch },
  { head: 'HEAD', cell: ({ status }) => shortCommit(status?.head?.commit) },
  { head: 'CURRENT', cell: ({ status }) => shortCommit(status?.tag?.commit) },
  { head: 'REPOSITORY', wide: true, cell: ({ spec }) => spec.source.repository },
  { head: 'REGION', wide: true, cell: ({ spec }) => spec.aws.region },
  { head: 'AGE', wide: true, cell: ({ metadata }, nowMs) => ago(metadata.creationTimestamp, nowMs) },
  {
    head: 'MESSAGE',
    cell: ({ status }) => findCondition(status?.conditions ?? [], 'Ready')?.message ?? NONE,
  },
]
