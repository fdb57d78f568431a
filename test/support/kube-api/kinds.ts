import { readdirSync, readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import type { Schema } from '../../../controller/resources/schema.ts'
import { coreEventsOver } from './core-events.ts'
import type { KubeObject } from './objects.ts'

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

interface Definition {
  readonly spec: {
    readonly group: string
    readonly names: {
      readonly kind: string
      readonly plural: string
      readonly singular: string
      readonly shortNames?: readonly string[]
      readonly categories?: readonly string[]
    }
    readonly versions: readonly {
      readonly name: string
      readonly subresources?: { readonly status?: object }
      readonly additionalPrinterColumns?: readonly PrinterColumn[]
      readonly schema: { readonly openAPIV3Schema: Schema }
    }[]
  }
}

const events = ofServer('events.k8s.io', 'v1', 'Event')

/** The built-in kinds that a controller meets. */
const builtIn: readonly KubeKind[] = [
  ofServer('coordination.k8s.io', 'v1', 'Lease'),
  events,
  coreEventsOver(events),
  ofServer('', 'v1', 'Secret'),
  ofServer('', 'v1', 'ConfigMap'),
]

function ofServer(group: string, version: string, kind: string): KubeKind {
  const singular = kind.toLowerCase()
  const plural = `${singular}s`
  return {
    group,
    version,
    kind,
    plural,
    singular,
    shortNames: [],
    categories: [],
    hasStatus: false,
    columns: [],
  }
}

/** The built-in kinds, and those of the CustomResourceDefinitions in a folder. */
export function readKinds(folder: string): readonly KubeKind[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
  return [...builtIn, ...files.flatMap((name) => kindsOf(readFileSync(`${folder}/${name}`, 'utf8')))]
}

function kindsOf(text: string): readonly KubeKind[] {
  const { spec } = load(text) as Definition
  const { kind, plural, singular, shortNames = [], categories = [] } = spec.names
  return spec.versions.map((version) => ({
    group: spec.group,
    version: version.name,
    kind,
    plural,
    singular,
    shortNames,
    categories,
    hasStatus: version.subresources?.status !== undefined,
    columns: version.additionalPrinterColumns ?? [],
    schema: version.schema.openAPIV3Schema,
  }))
}

/** `v1`, or `group/version`. */
export const apiVersionOf = ({ group, version }: Pick<KubeKind, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`
