import type { Schema } from '../../../controller/resources/schema.ts'

/** One column of `kubectl get`, as a CustomResourceDefinition has it. */
export interface PrinterColumn {
  readonly name: string
  readonly type: string
  readonly jsonPath: string
  readonly priority?: number
}

/** What the server knows of a kind. */
export interface KubeKind {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly hasStatus: boolean
  readonly columns: readonly PrinterColumn[]
  /** What a field selector may name besides metadata.name and metadata.namespace. */
  readonly fields?: readonly string[]
  /** Set where it only shows the objects of another kind, which can't be written by this name here. */
  readonly view?: { readonly of: KubeKind; readonly show: (object: KubeObject) => KubeObject }
  /** Of a custom resource; objects of the built-in kinds are taken as they come. */
  readonly schema?: Schema
}

export interface KubeMetadata {
  readonly name: string
  readonly namespace: string
  readonly uid: string
  readonly resourceVersion: string
  readonly generation: number
  readonly creationTimestamp: string
  readonly deletionTimestamp?: string
  readonly finalizers?: readonly string[]
  readonly [field: string]: unknown
}

export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: KubeMetadata
  readonly [field: string]: unknown
}

/** What a client sends: nothing of it is sure. */
export interface SentObject {
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

/** `v1`, or `group/version`. */
export const apiVersionOf = ({ group, version }: Pick<KubeKind, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`
