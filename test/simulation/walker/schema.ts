import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

import type { Schema } from '../../../controller/resources/schema.ts'
import type { DocumentName } from './change.ts'

/** One property of a kind's spec, as its CustomResourceDefinition has it. */
export interface Property {
  readonly document: DocumentName
  /** A pointer in which `*` stands for every item of a list and every key of a map: `/spec/gates/*\/name`. */
  readonly pattern: string
  /** Where it is tried: the first item of each list, and a member of its own of each map. */
  readonly pointer: string
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
  return below(document, { pattern: '/spec', pointer: '/spec' }, schema)
})

interface Definition {
  readonly spec: { readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[] }
}

type Path = Pick<Property, 'pattern' | 'pointer'>

interface Child {
  /** In a pattern, and in a pointer. */
  readonly names: readonly [string, string]
  readonly schema: Schema
  readonly isRequired: boolean
}

function below(document: DocumentName, { pattern, pointer }: Path, schema: Schema): Property[] {
  return childrenOf(schema).flatMap(({ names: [name, tried], schema: child, isRequired }) => {
    const path = { pattern: `${pattern}/${name}`, pointer: `${pointer}/${tried}` }
    const property = { document, ...path, name: `${document} ${path.pattern}`, schema: child, isRequired }
    return [property, ...below(document, path, child)]
  })
}

function childrenOf({ properties: members = {}, required, items, additionalProperties }: Schema): Child[] {
  const children = Object.entries(members).map(([name, schema]): Child => ({
    names: [name, name],
    schema,
    isRequired: required?.includes(name) === true,
  }))
  if (items !== undefined) children.push({ names: ['*', '0'], schema: items, isRequired: false })
  if (additionalProperties !== undefined)
    children.push({ names: ['*', 'x'], schema: additionalProperties, isRequired: false })
  return children
}
