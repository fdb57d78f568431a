import { readdirSync, readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import type { Schema } from '../../../controller/resources/schema.ts'
import { coreEventsOver } from './core-events.ts'
import type { KubeKind, PrinterColumn } from './model.ts'
import { brokenDefaults } from './schema.ts'

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
  const broken = spec.versions.flatMap(({ schema }) => brokenDefaults(schema.openAPIV3Schema))
  if (broken.length > 0)
    throw new Error(`the CustomResourceDefinition of ${kind} is invalid: ${broken.join('; ')}`)
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
