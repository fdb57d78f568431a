import { KubeFailure } from './failure.ts'

/** A rule of a Role, as RBAC has it. */
export interface PolicyRule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
  readonly resourceNames?: readonly string[]
}

/** What the chart's Role lets a controller do that shares the environments by so many leases; the chart's tests hold the two together. */
export const controllerRules = (shards = 1): readonly PolicyRule[] => [
  {
    apiGroups: ['steersman.dev'],
    resources: ['environments'],
    verbs: ['get', 'list', 'watch', 'update'],
  },
  {
    apiGroups: ['steersman.dev'],
    resources: ['releases', 'rollouts'],
    verbs: ['get', 'list', 'watch', 'create', 'update', 'delete'],
  },
  {
    apiGroups: ['steersman.dev'],
    resources: ['environments/status', 'releases/status', 'rollouts/status'],
    verbs: ['get', 'update'],
  },
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    verbs: shards > 1 ? ['get', 'list', 'create', 'update', 'delete'] : ['get', 'create', 'update'],
  },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
]

/** Who a bearer token belongs to, and what they may do; without rules, everything. */
export interface KubeUser {
  readonly name: string
  readonly token: string
  readonly rules?: readonly PolicyRule[]
  /** Where the rules hold; left out, everywhere. */
  readonly namespace?: string
}

export interface Asked {
  readonly verb: string
  readonly group: string
  /** With its subresource, as `rollouts/status`. */
  readonly resource: string
  readonly namespace: string | undefined
  readonly name: string | undefined
}

/** Who asks; throws 401 for a token that nobody has. */
export function userOf(users: readonly KubeUser[], authorization: string | undefined): KubeUser {
  const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1]
  const user = users.find((candidate) => candidate.token === token)
  if (user === undefined) throw new KubeFailure(401, 'Unauthorized', 'Unauthorized')
  return user
}

/** Throws 403 unless a rule allows it. */
export function assertAllowed(user: KubeUser, asked: Asked): void {
  const isHere = user.namespace === undefined || user.namespace === asked.namespace
  if (user.rules === undefined || (isHere && user.rules.some((rule) => allows(rule, asked)))) return
  const { verb, resource, group, namespace } = asked
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`
  throw new KubeFailure(
    403,
    'Forbidden',
    `${resource}.${group} is forbidden: User "${user.name}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`,
  )
}

function allows({ apiGroups, resources, verbs, resourceNames }: PolicyRule, asked: Asked): boolean {
  const has = (list: readonly string[], wanted: string): boolean =>
    list.includes('*') || list.includes(wanted)
  return (
    has(apiGroups, asked.group) &&
    has(resources, asked.resource) &&
    has(verbs, asked.verb) &&
    (resourceNames === undefined || (asked.name !== undefined && resourceNames.includes(asked.name)))
  )
}
