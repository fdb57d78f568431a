import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { configurationSchema } from '../../controller/resources/generated/configuration.ts'
import { environmentSchema } from '../../controller/resources/generated/environment.ts'
import { releaseSchema } from '../../controller/resources/generated/release.ts'
import { rolloutSchema } from '../../controller/resources/generated/rollout.ts'
import type { Schema } from '../../controller/resources/schema.ts'

const schemas = { environmentSchema, releaseSchema, rolloutSchema, configurationSchema }

describe('the schemas', () => {
  it('were generated from the files as they are', async () => {
    const run = promisify(execFile)(process.execPath, ['scripts/generate-resources.ts', '--check'], {
      timeout: 20_000,
    })
    await expect(run).resolves.toMatchObject({ stderr: '' })
  })

  it('say the same about a part wherever it stands', () => {
    const byTitle = new Map<string, Set<string>>()
    for (const schema of Object.values(schemas)) {
      for (const { title, description: _description, default: _default, ...body } of everyPart(schema)) {
        if (title === undefined) continue
        byTitle.set(title, (byTitle.get(title) ?? new Set()).add(JSON.stringify(body)))
      }
    }
    expect([...byTitle].filter(([, bodies]) => bodies.size > 1).map(([title]) => title)).toEqual([])
    expect(byTitle.get('Gate')?.size).toBe(1)
  })

  it.each(Object.entries(schemas))('describe every field of %s', (_, schema) => {
    expect(undescribed(schema, '')).toEqual([])
  })

  it.each(['environments', 'releases', 'rollouts'])(
    'give %s the conventions of Kubernetes',
    async (plural) => {
      const text = await readFile(new URL(`../../crds/${plural}.yaml`, import.meta.url), 'utf8')
      expect(load(text)).toMatchObject({
        metadata: { name: `${plural}.steersman.dev` },
        spec: {
          group: 'steersman.dev',
          names: { plural, categories: ['steersman'] },
          versions: [
            {
              name: 'v1alpha1',
              subresources: { status: {} },
              schema: {
                openAPIV3Schema: { properties: { status: { default: { observedGeneration: -1 } } } },
              },
            },
          ],
        },
      })
    },
  )
})

function everyPart(schema: Schema): Schema[] {
  const { properties, items, additionalProperties } = schema
  const children = [...Object.values(properties ?? {}), ...(items ? [items] : [])]
  if (additionalProperties) children.push(additionalProperties)
  return [schema, ...children.flatMap(everyPart)]
}

function undescribed(schema: Schema, path: string): string[] {
  const inside = Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    if (path === '' && name === 'metadata') return []
    const own = child.description === undefined && name !== 'metadata' ? [`${path}/${name}`] : []
    return [...own, ...undescribed(child, `${path}/${name}`)]
  })
  return schema.items ? [...inside, ...undescribed(schema.items, `${path}/*`)] : inside
}
