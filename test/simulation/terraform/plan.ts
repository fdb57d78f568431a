import { canonicalJson } from '../../../controller/core/canonical-json.ts'
import { planId } from '../../../controller/core/infrastructure/plan-id.ts'
import { planOf, resourceChange } from '../../core/infrastructure/plans.ts'
import type { Cloud, CloudObject } from './cloud.ts'
import type { Values, WantedResource, WantedRoot } from './root.ts'

/** What the backend holds. */
export interface State {
  /** Counts its versions; 0 where there is none. */
  readonly serial: number
  /** By address. */
  readonly objects: ReadonlyMap<string, CloudObject>
  readonly outputs: Readonly<Record<string, unknown>>
}

export interface PlannedChange {
  readonly action: 'create' | 'update' | 'replace' | 'delete'
  readonly address: string
  readonly type: string
  readonly known: CloudObject | undefined
  readonly wanted: WantedResource | undefined
}

/** A plan as its file holds it. */
export interface SavedPlan {
  /** Of the state that it was made from. */
  readonly serial: number
  /** That state, refreshed. */
  readonly refreshed: ReadonlyMap<string, CloudObject>
  readonly changes: readonly PlannedChange[]
  readonly outputs: WantedRoot['outputs']
  /** What `show -json` says of it. */
  readonly json: unknown
  /** By which people approve it. */
  readonly id: string
  /** All that it would do: plans that do other things have other texts. */
  readonly effect: string
}

/** Refreshes the state, and compares it with what is wanted. */
export function makePlan(state: State, cloud: Cloud, wanted: WantedRoot): SavedPlan {
  const refreshed = new Map<string, CloudObject>()
  const drift: unknown[] = []
  for (const [address, object] of state.objects) {
    const values = cloud.read(object)
    if (values === undefined) continue
    refreshed.set(address, { ...object, values })
    if (canonicalJson(values) !== canonicalJson(object.values))
      drift.push(entryOf('update', { address, before: shown(object), after: { arn: object.arn, ...values } }))
  }
  const changes = [
    ...wanted.resources.flatMap((resource) => changeOf(resource, refreshed.get(resource.address))),
    ...[...refreshed.values()]
      .filter(({ address }) => !wanted.resources.some((resource) => resource.address === address))
      .map((known): PlannedChange => {
        const { address } = known
        return { action: 'delete', address, type: typeOf(address), known, wanted: undefined }
      }),
  ]
  const json = planOf(changes.map(describe), drift.length === 0 ? {} : { resource_drift: drift })
  const effect = canonicalJson(
    changes.map(({ action, address, known, wanted: after }) => [
      action,
      address,
      known,
      after?.values ?? null,
    ]),
  )
  return {
    serial: state.serial,
    refreshed,
    changes,
    outputs: wanted.outputs,
    json,
    id: planId(json) ?? 'unreadable',
    effect,
  }
}

/** Whether the objects are as the root wants them, apart from what it ignores. */
export function isAsWanted(objects: State['objects'], wanted: WantedRoot): boolean {
  return (
    wanted.resources.every((resource) => {
      const known = objects.get(resource.address)
      return known !== undefined && changeOf(resource, known).length === 0
    }) && objects.size === wanted.resources.length
  )
}

/** Whether it takes away what is there, other than a revision of a task definition, which stays registered. */
export const destroys = ({ changes }: SavedPlan): boolean =>
  changes.some(
    ({ action, type }) => action === 'delete' || (action === 'replace' && type !== 'aws_ecs_task_definition'),
  )

/** Whether it writes a rule's weights, which are Steersman's. */
export const resetsTraffic = ({ changes }: SavedPlan): boolean =>
  changes.some(({ type, action }) => type === 'aws_lb_listener' && action !== 'create')

function changeOf(wanted: WantedResource, known: CloudObject | undefined): PlannedChange[] {
  const { address, type, values, ignored } = wanted
  const change = { address, type, known, wanted }
  if (known === undefined) return [{ action: 'create', ...change }]
  const isSame = Object.entries(values).every(
    ([name, value]) => ignored.includes(name) || canonicalJson(value) === canonicalJson(known.values[name]),
  )
  if (isSame) return []
  return [{ action: type === 'aws_ecs_task_definition' ? 'replace' : 'update', ...change }]
}

export const typeOf = (address: string): string => address.slice(0, address.indexOf('.'))

const shown = ({ arn, values }: CloudObject): Values => ({ arn, ...values })

function describe({ action, address, known, wanted }: PlannedChange): unknown {
  const before = known === undefined ? null : shown(known)
  if (wanted === undefined) return entryOf('delete', { address, before, after: null })
  const isNew = action === 'create' || action === 'replace'
  const after = isNew ? wanted.values : { ...before, ...wanted.values }
  return entryOf(action, { address, before, after, unknown: isNew ? { arn: true } : {} })
}

const ACTIONS = { create: ['create'], update: ['update'], replace: ['delete', 'create'], delete: ['delete'] }

const entryOf = (
  action: PlannedChange['action'],
  values: {
    readonly address: string
    readonly before: Values | null
    readonly after: Values | null
    readonly unknown?: Values
  },
): unknown =>
  resourceChange(typeOf(values.address), ACTIONS[action], {
    ...values,
    ...(action === 'replace' ? { replacePaths: [['image']] } : {}),
  })
