import type { ReleaseView } from '../../api/client.ts'
import { findCondition } from '../../resources/conditions.ts'
import { ENVIRONMENT_LABEL, RELEASE_LABEL } from '../../resources/metadata.ts'
import type { ReleaseKey } from '../../resources/names.ts'
import type { Columns } from '../columns.ts'
import { NONE, ago, shortTaskDefinition } from '../words.ts'

/** Which release of which environment an object is, by its labels. */
export const keyOf = ({ metadata }: Pick<ReleaseView, 'metadata'>): ReleaseKey => ({
  environment: metadata.labels?.[ENVIRONMENT_LABEL] ?? '',
  release: metadata.labels?.[RELEASE_LABEL] ?? metadata.name,
})

/** `prod@sha1:4f2c…` with the commit as people quote it. */
const revisionText = (revision: string | undefined): string =>
  revision?.replace(/(sha1:[0-9a-f]{8})[0-9a-f]+$/, '$1') ?? NONE

/** The live side, or the one service of a release that has no pair. */
const liveText = (live: NonNullable<ReleaseView['status']>['live']): string =>
  live?.side ?? (live?.taskDefinition === undefined ? NONE : 'service')

/** What a person wants to know of releases in one line each. */
export const releaseColumns: Columns<ReleaseView> = [
  { head: 'ENVIRONMENT', cell: (release) => keyOf(release).environment },
  { head: 'NAME', cell: (release) => keyOf(release).release },
  {
    head: 'READY',
    cell: ({ status }) => findCondition(status?.conditions ?? [], 'Ready')?.status ?? 'Unknown',
  },
  { head: 'LIVE', cell: ({ status }) => liveText(status?.live) },
  { head: 'VERSION', cell: ({ status }) => shortTaskDefinition(status?.live?.taskDefinition) },
  {
    head: 'BLUE/GREEN',
    cell: ({ status: { traffic } = {} }) => (traffic ? `${traffic.blue}/${traffic.green}` : NONE),
  },
  { head: 'ROLLOUT', cell: ({ status }) => status?.rollout ?? NONE },
  { head: 'REVISION', wide: true, cell: ({ status }) => revisionText(status?.revision) },
  { head: 'SINCE', wide: true, cell: ({ status }, nowMs) => ago(status?.live?.since, nowMs) },
  { head: 'DRIFT', wide: true, cell: ({ status }) => String(status?.drift?.length ?? 0) },
  {
    head: 'MESSAGE',
    cell: ({ status }) => findCondition(status?.conditions ?? [], 'Ready')?.message ?? NONE,
  },
]
