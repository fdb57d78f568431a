import { readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Document, parseAllDocuments } from 'yaml'

import { editPin } from '../../controller/core/edit-release.ts'
import { loadManifests } from '../../controller/core/manifest.ts'
import type { SourceFile } from '../../controller/core/manifest.ts'
import type { Pin } from '../../controller/resources/types.ts'
import { propertyRuns } from '../support/property-runs.ts'

const file = (path: string, text: string): SourceFile => ({
  path,
  text,
  mode: 'file',
  size: Buffer.byteLength(text),
  validUtf8: true,
})

const base = `# What the shop runs.
apiVersion: steersman.dev/v1alpha1
kind: Release
metadata: { name: web }
spec:
  image: { repository: shop/web, tag: "1" }   # moved by CI
`
const releases = file('deploy/releases/web.yaml', base)
const pin: Pin = { rollout: 41, reason: 'it "burns": look' }

function edit(
  overlay: string | undefined,
  wanted: Pin | null,
  options: { base?: SourceFile; name?: string } = {},
) {
  const { base: baseFile = releases, name = 'web.yaml' } = options
  const overlays = overlay === undefined ? [] : [file(`deploy/overlays/prod/${name}`, overlay)]
  return editPin({
    files: [baseFile, ...overlays],
    path: 'deploy',
    environment: 'prod',
    release: 'web',
    pin: wanted,
  })
}

const textOf = (result: ReturnType<typeof editPin>): string => {
  if ('text' in result) return result.text
  throw new Error(result.message)
}

describe('a pin', () => {
  it('makes an overlay of the environment where there is none', () => {
    expect(edit(undefined, pin)).toEqual({
      path: 'deploy/overlays/prod/web.yaml',
      text: 'metadata:\n  name: web\nspec:\n  pin:\n    rollout: 41\n    reason: \'it "burns": look\'\n',
    })
  })

  it.each([
    [
      'goes first into the spec of the overlay',
      'metadata: { name: web }\nspec:\n    # why so many\n    service: {desiredCount:   6}   # six\n\n# end\n',
      'metadata: { name: web }\nspec:\n    # why so many\n    pin: { rollout: 41, reason: "it \\"burns\\": look" }\n    service: {desiredCount:   6}   # six\n\n# end\n',
    ],
    [
      'replaces another one and leaves the comment beside it',
      'spec:\n  pin: {rollout: 3, reason: "old"} # by Dora\n  service: { desiredCount: 6 }\n',
      'spec:\n  pin: { rollout: 41, reason: "it \\"burns\\": look" } # by Dora\n  service: { desiredCount: 6 }\n',
    ],
    [
      'replaces one that was written on several lines',
      'spec:\n  pin:\n    rollout: 3\n    reason: old # why\n\n  # six\n  service: { desiredCount: 6 }\n',
      'spec:\n  pin: { rollout: 41, reason: "it \\"burns\\": look" } # why\n\n  # six\n  service: { desiredCount: 6 }\n',
    ],
    [
      'goes into a spec on one line',
      'metadata: { name: web }\nspec: { service: { desiredCount: 6 } } # six\n',
      'metadata: { name: web }\nspec: { pin: { rollout: 41, reason: "it \\"burns\\": look" }, service: { desiredCount: 6 } } # six\n',
    ],
    [
      'brings its spec along',
      'metadata: { name: web } # nothing yet\n',
      'metadata: { name: web } # nothing yet\nspec:\n  pin: { rollout: 41, reason: "it \\"burns\\": look" }\n',
    ],
    [
      'brings its spec along where spec is empty',
      'metadata: { name: web } # nothing yet\nspec:\n',
      'metadata: { name: web } # nothing yet\nspec:\n  pin:\n    rollout: 41\n    reason: \'it "burns": look\'\n',
    ],
    [
      'finds its document among others',
      'metadata: { name: api }\nspec: { a: 1 }\n---\nmetadata: { name: web }\nspec:\n  b: 2\n',
      'metadata: { name: api }\nspec: { a: 1 }\n---\nmetadata: { name: web }\nspec:\n  pin: { rollout: 41, reason: "it \\"burns\\": look" }\n  b: 2\n',
    ],
    [
      'is added beside the documents of others',
      '# others\nmetadata: { name: api }\nspec: { a: 1 }',
      '# others\nmetadata: { name: api }\nspec: { a: 1 }\n---\nmetadata:\n  name: web\nspec:\n  pin:\n    rollout: 41\n    reason: \'it "burns": look\'\n',
    ],
    [
      'is the first document of an empty file',
      '# to be filled\n',
      '# to be filled\nmetadata:\n  name: web\nspec:\n  pin:\n    rollout: 41\n    reason: \'it "burns": look\'\n',
    ],
  ])('%s', (_, overlay, expected) => {
    expect(textOf(edit(overlay, pin))).toBe(expected)
  })

  it('leaves the same pin as it is written', () => {
    const overlay = 'spec:\n  pin:\n    rollout: 41\n    reason: |-\n      it "burns": look\n'
    expect(textOf(edit(overlay, pin))).toBe(overlay)
  })

  it('keeps the indentation of JSON', () => {
    const text = textOf(
      edit('{\n    "spec": {"service": {"desiredCount": 6}}\n}\n', { rollout: 2, reason: 'x' }),
    )
    expect(text).toBe(
      `${JSON.stringify({ spec: { service: { desiredCount: 6 }, pin: { rollout: 2, reason: 'x' } } }, null, 4)}\n`,
    )
  })

  it('takes away what the base says of another kind of pin', () => {
    const pinned = file('deploy/releases/web.yaml', `${base}  pin: { rollout: 3, reason: base }\n`)
    const arn = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/prod-web:3'
    const result = edit(undefined, { taskDefinition: arn, reason: 'y' }, { base: pinned })
    expect(textOf(result)).toContain('rollout: null')
  })
})

describe('no pin', () => {
  it.each([
    [
      'takes the line away',
      'spec:\n  # a\n  pin: { rollout: 3, reason: x } # b\n  # c\n  d: 1\n',
      'spec:\n  # a\n  # c\n  d: 1\n',
    ],
    [
      'takes the lines away',
      'spec:\n  a: 1\n  pin:\n    rollout: 3\n    reason: x\n# c\n',
      'spec:\n  a: 1\n# c\n',
    ],
    ['leaves an overlay without one as it is', 'spec: {a: 1}', 'spec: {a: 1}'],
    ['leaves an overlay of others as it is', 'metadata: {name: api}', 'metadata: {name: api}'],
  ])('%s', (_, overlay, expected) => {
    expect(textOf(edit(overlay, null))).toBe(expected)
  })

  it('leaves no overlay behind where the base has no pin', () => {
    expect(edit(undefined, null)).toEqual({ path: releases.path, text: base })
  })

  it('says null where the base has a pin', () => {
    const pinned = file('deploy/releases/web.yaml', `${base}  pin: { rollout: 3, reason: base }\n`)
    expect(textOf(edit('spec:\n  a: 1\n', null, { base: pinned }))).toBe('spec:\n  pin: null\n  a: 1\n')
  })

  it('empties a spec that held nothing else', () => {
    expect(
      parseAllDocuments(textOf(edit('spec: { pin: { rollout: 3, reason: x } }', null)))[0],
    ).toHaveProperty('errors', [])
  })
})

describe('an edit that can’t be made', () => {
  it('names the releases that there are', () => {
    const result = editPin({ files: [releases], path: 'deploy', environment: 'prod', release: 'wep', pin })
    expect(result).toMatchObject({
      code: 'ReleaseMissing',
      file: 'deploy/releases',
      message: expect.stringContaining('web') as unknown,
    })
  })

  it('tells what is wrong with the overlay', () => {
    expect(edit('spec: [', pin)).toMatchObject({ file: 'deploy/overlays/prod/web.yaml' })
  })

  it('does not put a second document into JSON', () => {
    expect(edit('{"metadata": {"name": "api"}}', pin, { name: 'web.json' })).toMatchObject({
      code: 'OverlayWithoutBase',
    })
  })
})

const scalar = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.constantFrom('a', 'b # no comment', '- x', 'multi\nline', ''),
)
const value = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('x', 'y', 'pin', 'z'), tie('node'), { maxKeys: 3 }),
  ),
})).node
const pins = fc.option(fc.record({ rollout: fc.integer({ min: 1, max: 999 }), reason: fc.string() }))

describe('any overlay', () => {
  it('differs in nothing but the pin', () => {
    const specs = fc.dictionary(fc.constantFrom('a', 'pin', 'service', 'z'), value, { maxKeys: 4 })
    fc.assert(
      fc.property(specs, pins, fc.constantFrom(2, 4), fc.boolean(), (spec, wanted, indent, flow) => {
        const document = new Document({ metadata: { name: 'web' }, spec }, { flow })
        const text = textOf(edit(document.toString({ indent, lineWidth: 0 }), wanted))
        const { pin: _before, ...rest } = spec
        const expected = wanted === null ? rest : { ...rest, pin: wanted }
        expect(parseAllDocuments(text).map((each) => each.toJS() as unknown)).toEqual([
          { metadata: { name: 'web' }, spec: expected },
        ])
      }),
      { numRuns: propertyRuns(300) },
    )
  })

  it('is one that the manifests take', () => {
    const read = (path: string): SourceFile =>
      file(path, readFileSync(new URL(`../../manifests/demo/repository/${path}`, import.meta.url), 'utf8'))
    const files = [read('deploy/releases/web.yaml'), read('deploy/taskdefs/web.json')]
    const where = { path: 'deploy', environment: 'demo' }
    const result = editPin({ files, ...where, release: 'web', pin })
    const overlay = file('deploy/overlays/demo/web.yaml', textOf(result))
    const loaded = loadManifests({ files: [...files, overlay], ...where, requiredGates: [] })
    expect(loaded.issues).toEqual([])
    expect(loaded.releases.map(({ release }) => release.spec.pin)).toEqual([pin])
  })
})
