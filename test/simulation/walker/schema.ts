import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

import type { Schema } from '../../../controller/resources/schema.ts'
import type { DocumentName } from './change.ts'

/** One property of a kind's spec, as its CustomResourceDefinition has it. */
export interface Property {
  readonly document: DocumentName
  /** A pointer in which `*` stands for every item of a list and every key of a map: `/spec/gates/*\/name`. */
  readonly pattern: string
  /** `release /spec/gates/*\/name`. */
  readonly name: string
  readonly schema: Schema
  /** Whether what it is in can't be without it. */
  readonly isRequired: boolean
}

const FILES = { release: 'releases', environment: 'environments' } as const

/** Every property below `spec` of both kinds that people write, in the order of the files. */
export const properties: readonly Property[] = (['release', 'environment'] as const).flatMap((document) => {
  const page = new URL(`../../../crds/${FILES[document]}.yaml`, import.meta.url)
  const definition = parse(readFileSync(page, 'utf8')) as Definition
  const schema = definition.spec.versions[0]?.schema.openAPIV3Schema.properties?.['spec']
  if (schema === undefined) throw new Error(`${page.pathname} has no spec`)
  return below(document, '/spec', schema)
})

interface Definition {
  readonly spec: { readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[] }
}

function below(document: DocumentName, pattern: string, schema: Schema): Property[] {
  const children: [string, Schema, boolean][] = Object.entries(schema.properties ?? {}).map(
    ([name, child]) => [name, child, schema.required?.includes(name) === true],
  )
  if (schema.items !== undefined) children.push(['*', schema.items, false])
  if (schema.additionalProperties !== undefined) children.push(['*', schema.additionalProperties, false])
  return children.flatMap(([name, child, isRequired]) => {
    const path = `${pattern}/${name}`
    const property = { document, pattern: path, name: `${document} ${path}`, schema: child, isRequired }
    return [property, ...below(document, path, child)]
  })
}
