import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { isRecord } from '../../controller/resources/problem.ts'
import type { Schema } from '../../controller/resources/schema.ts'

/** What an API server demands of a CustomResourceDefinition, and what `kubectl explain` and `kubectl get` show of it. */

const plurals = ['environments', 'releases', 'rollouts'] as const

interface Definition {
  readonly spec: {
    readonly names: { readonly shortNames?: readonly string[]; readonly categories?: readonly string[] }
    readonly versions: readonly {
      readonly additionalPrinterColumns: readonly {
        readonly name: string
        readonly jsonPath: string
        readonly priority?: number
      }[]
      readonly schema: { readonly openAPIV3Schema: Schema }
    }[]
  }
}

const definitionOf = (plural: string): Definition =>
  load(readFileSync(new URL(`../../crds/${plural}.yaml`, import.meta.url), 'utf8')) as Definition

const schemaOf = (plural: string): Schema => {
  const [version] = definitionOf(plural).spec.versions
  if (version === undefined) throw new Error(`${plural} has no version`)
  return version.schema.openAPIV3Schema
}

interface Field {
  readonly path: string
  readonly schema: Schema
}

function* fieldsOf(schema: Schema, path = ''): Generator<Field> {
  yield { path, schema }
  for (const [name, child] of Object.entries(schema.properties ?? {}))
    yield* fieldsOf(child, `${path}.${name}`)
  if (schema.items) yield* fieldsOf(schema.items, `${path}[]`)
  if (isRecord(schema.additionalProperties)) yield* fieldsOf(schema.additionalProperties, `${path}{}`)
}

const pathsOf = (plural: string, isWrong: (field: Field) => boolean): readonly string[] =>
  Array.from(fieldsOf(schemaOf(plural)))
    .filter(isWrong)
    .map(({ path }) => path)

describe.each(plurals)('the CustomResourceDefinition of %s', (plural) => {
  it('describes every field, in a sentence', () => {
    const isField = (path: string): boolean => !/(?:\[\]|\{\})$/.test(path)
    const bare = pathsOf(plural, ({ path, schema }) => isField(path) && schema.description === undefined)
    // The server refuses a description of the metadata themselves: it has its own.
    expect(bare).toEqual(['.metadata'])
    const unfinished = pathsOf(
      plural,
      ({ schema: { description } }) => description !== undefined && !/[.)]$|https:\/\/\S+$/.test(description),
    )
    expect(unfinished).toEqual([])
  })

  it('restricts of the metadata the name alone, as the server demands', () => {
    const { metadata } = schemaOf(plural).properties ?? {}
    expect(Object.keys(metadata ?? {}).toSorted()).toEqual(['properties', 'type'])
    expect(Object.keys(metadata?.properties ?? {})).toEqual(['name'])
  })

  it('is structural: a type for every field, no keyword that the server refuses, defaults of their type', () => {
    const refused = ['$ref', 'uniqueItems', 'const', 'definitions', 'dependencies', 'patternProperties']
    expect(
      pathsOf(plural, ({ schema }) => refused.some((keyword) => Object.hasOwn(schema, keyword))),
    ).toEqual([])
    expect(
      pathsOf(
        plural,
        ({ schema }) =>
          schema.type === undefined &&
          schema['x-kubernetes-preserve-unknown-fields'] !== true &&
          !Object.hasOwn(schema, 'x-kubernetes-int-or-string'),
      ),
    ).toEqual([])
    expect(
      pathsOf(
        plural,
        ({ schema }) => schema.properties !== undefined && schema.additionalProperties !== undefined,
      ),
    ).toEqual([])
  })

  it('has keys for its lists that are maps: each required, or with a default', () => {
    const hasLooseKey = ({ schema }: Field): boolean =>
      (schema['x-kubernetes-list-map-keys'] ?? []).some((key) => {
        const item = schema.items
        return item?.required?.includes(key) !== true && item?.properties?.[key]?.default === undefined
      })
    expect(pathsOf(plural, hasLooseKey)).toEqual([])
  })

  it('bounds what its rules look at, so that the server can tell what they cost', () => {
    const unbounded = pathsOf(plural, ({ schema }) => {
      const rules = (schema['x-kubernetes-validations'] ?? []).map(({ rule }) => rule).join('\n')
      if (!/\.(?:all|exists|exists_one|map|filter)\(/.test(rules)) return false
      return Object.entries(schema.properties ?? {}).some(
        ([name, child]) =>
          child.type === 'array' &&
          new RegExp(`self\\.${name}\\.(?:all|exists|exists_one|map|filter)\\(`).test(rules) &&
          child.maxItems === undefined,
      )
    })
    expect(unbounded).toEqual([])
  })

  it('has a short name, the category, and columns that begin with what a person looks for', () => {
    const { names, versions } = definitionOf(plural).spec
    expect(names.shortNames).toHaveLength(1)
    expect(names.categories).toEqual(['steersman'])
    const columns = versions[0]?.additionalPrinterColumns ?? []
    expect(columns.slice(0, 2).map(({ name }) => name)).toEqual(['Ready', 'Status'])
    expect(columns.filter(({ priority = 0 }) => priority === 0).map(({ name }) => name)).toContain('Age')
  })
})
