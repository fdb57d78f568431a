import { isRecord } from '../../../controller/resources/problem.ts'
import { invalid } from './failure.ts'
import type { KubeKind, KubeObject } from './model.ts'

/** Objects all of whose owners are gone, or were never there: the garbage collector of the real cluster deletes them, soon. */
export function garbageOf(objects: Iterable<KubeObject>): readonly KubeObject[] {
  const all = [...objects]
  const alive = new Set(all.map(({ metadata }) => `${metadata.namespace} ${metadata.uid}`))
  return all.filter(({ metadata }) => {
    const owners = ownersOf(metadata)
    return owners.length > 0 && !owners.some(({ uid }) => alive.has(`${metadata.namespace} ${String(uid)}`))
  })
}

export const isOwned = ({ metadata }: KubeObject): boolean => ownersOf(metadata).length > 0

/** Throws what the server says of owners and finalizers that it does not take. */
export function assertLifetime(kind: KubeKind, object: KubeObject, before: KubeObject | undefined): void {
  const { name, finalizers = [] } = object.metadata
  for (const [index, owner] of ownersOf(object.metadata).entries())
    for (const field of ['apiVersion', 'kind', 'name', 'uid'])
      if (typeof owner[field] !== 'string' || owner[field] === '')
        throw invalid(kind, name, [
          {
            field: `metadata.ownerReferences[${index}].${field}`,
            message: 'Invalid value: must not be empty',
          },
        ])
  for (const finalizer of finalizers)
    if (!FINALIZER.test(finalizer))
      throw invalid(kind, name, [
        {
          field: 'metadata.finalizers',
          message: `Invalid value: "${finalizer}": name part must consist of …`,
        },
      ])
  const fresh = finalizers.filter((finalizer) => !(before?.metadata.finalizers ?? []).includes(finalizer))
  if (before?.metadata.deletionTimestamp !== undefined && fresh.length > 0)
    throw invalid(kind, name, [
      {
        field: 'metadata.finalizers',
        message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(fresh)}`,
      },
    ])
}

/** A qualified name, or one of the server's own. */
const FINALIZER =
  /^(foregroundDeletion|orphan|[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$/

const ownersOf = (metadata: KubeObject['metadata']): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(metadata['ownerReferences'])
    ? metadata['ownerReferences'].filter((owner) => isRecord(owner))
    : []
