import { changedAttributes } from '../differences.ts'
import type { PlannedChange } from '../plan-json.ts'
import { SERVING_TYPES } from './serving-types.ts'
import type { ServingType } from './serving-types.ts'
import type { Reason } from './reason.ts'

/** What takes traffic in this environment, as last read from AWS. */
export interface Serving {
  /** ARNs of load balancers, listeners, rules and target groups (of both sides) that releases use. */
  readonly arns: readonly string[]
  /** The services that have production weight, as `cluster/service`, by their names. */
  readonly liveServices: readonly string[]
  /** Names of the clusters that they run in. */
  readonly clusters: readonly string[]
}

/** Changes that would move traffic, or start, stop or count tasks where traffic goes. Those are Steersman's motion, never Terraform's. */
export function trafficReasons(
  changes: readonly PlannedChange[],
  serving: Serving | undefined,
): readonly Reason[] {
  return changes.flatMap((change) => {
    const kind = SERVING_TYPES.get(change.type)
    if (kind === undefined || change.before === null) return []
    if (serving !== undefined && !isServing(change, kind, serving)) return []
    return [...removal(change, kind), ...reset(change, kind)]
  })
}

/** What can't be told to be out of use counts as in use. */
function isServing({ before }: PlannedChange, kind: ServingType, serving: Serving): boolean {
  switch (kind.identity) {
    case 'arn': {
      const arn = textOf(before, 'arn') ?? textOf(before, 'id')
      return arn === undefined || serving.arns.includes(arn)
    }
    case 'target_group_arn': {
      const arn = textOf(before, 'target_group_arn')
      return arn === undefined || serving.arns.includes(arn)
    }
    case 'cluster': {
      const name = textOf(before, 'name')
      return name === undefined || serving.clusters.includes(name)
    }
    case 'service': {
      const [cluster, name] = [textOf(before, 'cluster') ?? 'default', textOf(before, 'name')]
      return name === undefined || serving.liveServices.includes(`${lastSegment(cluster)}/${name}`)
    }
    case 'scalable': {
      const id = textOf(before, 'resource_id')
      if (id === undefined) return true
      return id.startsWith('service/') && serving.liveServices.includes(id.slice('service/'.length))
    }
  }
}

function removal({ action, address }: PlannedChange, kind: ServingType): Reason[] {
  if (!kind.isNeeded || !['delete', 'replace'].includes(action)) return []
  const verb = action === 'delete' ? 'deleted' : 'replaced'
  return [
    {
      verdict: 'ResetsTraffic',
      rule: kind.rule,
      address,
      attributes: [],
      message: `${address} is ${verb}, and ${kind.part} takes traffic`,
    },
  ]
}

function reset(change: PlannedChange, kind: ServingType): Reason[] {
  if (change.action !== 'update') return []
  const attributes = changedAttributes(change).filter(
    (name) => kind.attributes.get(name)?.(change.after?.[name]) === true,
  )
  if (attributes.length === 0) return []
  return [
    {
      verdict: 'ResetsTraffic',
      rule: kind.rule,
      address: change.address,
      attributes,
      message: `${change.address} changes ${attributes.join(', ')} of ${kind.part} that takes traffic; ignore_changes leaves that to Steersman`,
    },
  ]
}

function textOf(values: PlannedChange['before'], name: string): string | undefined {
  const value = values?.[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function lastSegment(arnOrName: string): string {
  return arnOrName.split('/').at(-1) ?? arnOrName
}
