import type { EnvironmentView, ReleaseView } from '../../api/client.ts'
import type { Columns } from '../columns.ts'
import { NONE, ago } from '../words.ts'
import { keyOf } from './releases.ts'

/** One field that is not as wanted. */
export interface DriftRow {
  readonly environment: string
  /** Left out for what Terraform keeps. */
  readonly release?: string
  /** Service, Rule or TargetGroup, of what no Release names. */
  readonly kind?: string
  /** RFC 6901 pointer into the live state; address and attribute of a resource for what Terraform keeps. */
  readonly path: string
  /** As JSON; left out where nothing should be. */
  readonly wanted?: string
  /** As JSON; left out where nothing is. */
  readonly live?: string
  readonly owner?: string
  readonly class: string
  readonly since?: string
  /** Fast or Deep: which sweep looks at the field. */
  readonly tier?: string
  /** When it was last seen so. */
  readonly observedAt?: string
  /** What the last rollout gave it. */
  readonly lastApplied?: string
  /** Who made the last call that may have changed it. */
  readonly by?: {
    readonly user: string
    readonly event: string
    readonly eventId: string
    readonly at: string
  }
  /** The writes that would mend it. */
  readonly mendedBy?: readonly string[]
}

/** What a person wants to know of drifted fields in one line each. */
export const driftColumns: Columns<DriftRow> = [
  {
    head: 'WHERE',
    cell: ({ environment, release }) => (release === undefined ? environment : `${environment}/${release}`),
  },
  { head: 'PATH', cell: ({ path }) => path },
  { head: 'WANTED', cell: ({ wanted }) => valueText(wanted) },
  { head: 'LIVE', cell: ({ live }) => valueText(live) },
  { head: 'OWNER', cell: ({ owner }) => owner ?? NONE },
  { head: 'CLASS', cell: (row) => row.class },
  { head: 'TIER', cell: ({ tier }) => tier ?? NONE },
  { head: 'SEEN', cell: ({ observedAt }, nowMs) => ago(observedAt, nowMs) },
  { head: 'SINCE', cell: ({ since }, nowMs) => ago(since, nowMs) },
  { head: 'BY', cell: ({ by }) => (by === undefined ? NONE : `${by.user} (${by.event})`) },
]

const LONGEST_VALUE = 60

function valueText(value: string | undefined): string {
  if (value === undefined) return NONE
  return value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value
}

export const driftOfRelease = (release: ReleaseView): readonly DriftRow[] =>
  (release.status?.drift ?? []).map((field) => ({ ...keyOf(release), ...field }))

/** What no Release names: nothing is wanted of it. */
export const driftOfUnmanaged = ({ metadata, status }: EnvironmentView): readonly DriftRow[] =>
  (status?.unmanaged?.items ?? []).map(({ kind, name, in: place, since }) => ({
    environment: metadata.name,
    kind,
    path: `${kind} ${name} in ${place}`,
    owner: 'Unmanaged',
    class: 'unmanaged',
    tier: 'Deep',
    ...(since === undefined ? {} : { since }),
    ...(status?.unmanaged === undefined ? {} : { observedAt: status.unmanaged.observedAt }),
  }))

/** What Terraform's last plan found to differ from the state. */
export const driftOfInfrastructure = ({ metadata, status }: EnvironmentView): readonly DriftRow[] =>
  (status?.infrastructure?.drift ?? []).map(({ address, attribute, live, state }) => ({
    environment: metadata.name,
    path: attribute === '' ? address : `${address}.${attribute}`,
    wanted: state,
    live,
    owner: 'Terraform',
    class: 'infrastructure',
  }))
