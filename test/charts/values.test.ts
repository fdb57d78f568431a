import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readValues } from '../../scripts/generate-chart/read-values.ts'
import { strictSchema, withSources } from '../../scripts/generate-chart/strict-schema.ts'
import { chartPath } from './render.ts'

const values = readValues(readFileSync(join(chartPath, 'values.yaml'), 'utf8'))
const templates = readdirSync(join(chartPath, 'templates')).map((name) =>
  readFileSync(join(chartPath, 'templates', name), 'utf8'),
)
const used = new Set(
  templates.flatMap((text) =>
    Array.from(text.matchAll(/\.Values\.([A-Za-z.]+)/gu), (match) => match[1] ?? ''),
  ),
)

describe('the values of the chart', () => {
  it('are declared, wherever a template uses one', () => {
    // A template may use a whole map, or a member that has no row of its own: tokens are the user's.
    const declared = (path: string): boolean =>
      values.some((value) => value.path === path || value.path.startsWith(`${path}.`))
    expect([...used].filter((path) => !declared(path) && path !== 'configuration.tokens')).toEqual([])
  })

  it('are used by a template, each of them', () => {
    const isUsed = (path: string): boolean =>
      used.has(path) || [...used].some((each) => path.startsWith(`${each}.`))
    expect(values.map(({ path }) => path).filter((path) => !isUsed(path))).toEqual([])
  })

  it('need a comment', () => {
    expect(() => readValues('# What it is.\nimage: a\n\ntag: b\n')).toThrow('tag has no comment')
  })
})

describe('the schema of the values', () => {
  it('refuses what a schema of crds/ would prune, and takes null where that does', () => {
    const schema = {
      type: 'object',
      'x-kubernetes-validations': [],
      properties: { until: { type: 'string', nullable: true, default: 'x' } },
    }
    expect(strictSchema(schema)).toEqual({
      type: 'object',
      additionalProperties: false,
      properties: { until: { type: ['string', 'null'] } },
    })
  })

  it('is not written from a source that there is not', () => {
    expect(() => withSources({ properties: { a: { $source: 'nothing' } } }, {})).toThrow('nothing')
  })
})
