import * as models from '@kubernetes/client-node'

/** A Kubernetes object as YAML reads it. */
export interface KubernetesObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly [field: string]: unknown
}

interface Attribute {
  readonly baseName: string
  readonly type: string
}

interface Model {
  getAttributeTypeMap(): readonly Attribute[]
}

/** The kinds that the chart makes, with the class of Kubernetes' own client that has their fields. */
const modelOfKind: Readonly<Record<string, string>> = {
  'v1 ConfigMap': 'V1ConfigMap',
  'v1 Namespace': 'V1Namespace',
  'v1 PersistentVolumeClaim': 'V1PersistentVolumeClaim',
  'v1 Service': 'V1Service',
  'v1 ServiceAccount': 'V1ServiceAccount',
  'apps/v1 Deployment': 'V1Deployment',
  'networking.k8s.io/v1 Ingress': 'V1Ingress',
  'networking.k8s.io/v1 NetworkPolicy': 'V1NetworkPolicy',
  'policy/v1 PodDisruptionBudget': 'V1PodDisruptionBudget',
  'rbac.authorization.k8s.io/v1 Role': 'V1Role',
  'rbac.authorization.k8s.io/v1 RoleBinding': 'V1RoleBinding',
}

/**
 * What Kubernetes would not take: fields that its OpenAPI specification has not, and values of another type. The specification is the one that
 * the Kubernetes client is generated from. It does not say here which fields must be there.
 */
export function findingsOf(object: KubernetesObject): string[] {
  const name = modelOfKind[`${object.apiVersion} ${object.kind}`]
  if (name === undefined) return [`${object.apiVersion} ${object.kind} is no kind that the chart makes`]
  return findingsAt(object, name, object.kind)
}

function findingsAt(value: unknown, type: string, path: string): string[] {
  const [, memberOfList] = /^Array<(.+)>$/u.exec(type) ?? []
  if (memberOfList !== undefined) {
    if (!Array.isArray(value)) return [`${path} is no list`]
    return value.flatMap((each, index) => findingsAt(each, memberOfList, `${path}[${index}]`))
  }
  const [, memberOfMap] = /^\{ \[key: string\]: (.+); \}$/u.exec(type) ?? []
  if (memberOfMap !== undefined) {
    if (!isRecord(value)) return [`${path} is no map`]
    return Object.entries(value).flatMap(([key, each]) => findingsAt(each, memberOfMap, `${path}.${key}`))
  }
  if (type === 'IntOrString') return ['number', 'string'].includes(typeof value) ? [] : [`${path} is no text`]
  if (['string', 'number', 'boolean'].includes(type))
    return typeof value === type ? [] : [`${path} is no ${type}`]
  return findingsInObject(value, type, path)
}

function findingsInObject(value: unknown, type: string, path: string): string[] {
  const model: Model | undefined = (models as unknown as Record<string, Model>)[type]
  if (model === undefined) return [`${path} has the type ${type}, which is not known`]
  if (!isRecord(value)) return [`${path} is no object`]
  const attributes = new Map(model.getAttributeTypeMap().map((each) => [each.baseName, each.type]))
  return Object.entries(value).flatMap(([key, each]) => {
    const known = attributes.get(key)
    return known === undefined
      ? [`${path}.${key} is no field of ${type}`]
      : findingsAt(each, known, `${path}.${key}`)
  })
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
