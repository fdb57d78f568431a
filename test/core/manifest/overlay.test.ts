import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergePatch } from '../../../controller/core/manifest/overlay.ts'
import { readDocuments } from '../../../controller/core/manifest/read.ts'
import type { LocatedDocument } from '../../../controller/core/manifest/read.ts'
import { TASK_DEFINITION, WEB, commit, file, load } from './files.ts'

const OVERLAY = 'deploy/overlays/demo/web.yaml'

describe('overlays', () => {
  it('lie over the file of their name and take fields away with null', () => {
    const overlay = file(OVERLAY, 'spec:\n  service: { desiredCount: 5 }\n  traffic: { test: null }\n')
    const { issues, releases } = load(commit(overlay))
    expect(issues).toEqual([])
    expect(releases[0]?.release.spec.service).toEqual({ cluster: 'demo', desiredCount: 5 })
    expect(releases[0]?.release.spec.traffic?.test).toBeUndefined()
  })

  it.each(['deploy/overlays/demo/web.json', 'deploy/overlays/demo/web.yml'])('may be called %s', (path) => {
    const { releases } = load(commit(file(path, '{"spec": {"service": {"desiredCount": 5}}}')))
    expect(releases[0]?.release.spec.service.desiredCount).toBe(5)
  })

  it('of other environments are not looked at', () => {
    expect(load(commit(file('deploy/overlays/prod/web.yaml', 'a: ['))).issues).toEqual([])
  })

  it('are where an issue is, if the value came from there', () => {
    const { issues } = load(commit(file(OVERLAY, 'spec:\n  service:\n    desiredCount: x\n    clutser: y\n')))
    expect(issues).toEqual([
      `${OVERLAY}:3:19 /spec/service/desiredCount: the text "x" stands here; expected a whole number`,
      `${OVERLAY}:4:5 /spec/service/clutser: the field "clutser" is unknown; expected "cluster", or nothing`,
    ])
  })

  it('need a base', () => {
    const files = [
      file('deploy/overlays/demo/api.yaml', 'a: 1'),
      file('deploy/overlays/demo/web.json', '{}'),
      file(OVERLAY, '{}'),
    ]
    expect(load(commit(...files)).issues).toEqual([
      'deploy/overlays/demo/api.yaml:1:1: the overlay has nothing to lie over; expected the file deploy/releases/api.yaml',
      `${OVERLAY}:1:1: another overlay belongs to the same file already; expected one overlay for deploy/releases/web.yaml`,
    ])
  })

  it('find their document by its name, and can not rename it', () => {
    const api = WEB.replace('name: web', 'name: api').replace('tag: v1', 'container: web, tag: v1')
    const base = file('deploy/releases/web.yaml', `${WEB}---\n${api}`)
    const named = file(OVERLAY, 'metadata: { name: api }\nspec: { service: { desiredCount: 9 } }\n')
    expect(
      load(commit(base, named)).releases.map(({ release }) => release.spec.service.desiredCount),
    ).toEqual([2, 9])
    const wrong = file(OVERLAY, 'metadata: { name: db }\n---\nspec: {}\n')
    expect(load(commit(base, wrong)).issues).toEqual([
      `${OVERLAY}:1:19 /metadata/name: the overlay has nothing to lie over: the base file has no "db"; expected the name of one of web, api`,
      `${OVERLAY}:3:1: the base file has 2 documents and the overlay names none; expected the name of one of web, api as metadata.name`,
    ])
  })

  it('of a file that can not be read are left for when it can', () => {
    expect(
      load(commit(file('deploy/releases/web.yaml', 'a: ['), file(OVERLAY, 'spec: {}'))).issues,
    ).toHaveLength(1)
  })

  it('over an empty file have nothing to lie over', () => {
    const { issues } = load(
      commit(file('deploy/releases/web.yaml', '# nothing\n'), file(OVERLAY, 'spec: {}')),
    )
    expect(issues).toEqual([
      `${OVERLAY}:1:1: the base file has 0 documents and the overlay names none; expected a document in the base file as metadata.name`,
    ])
  })

  it('can replace the task definition', () => {
    const overlay = file(
      OVERLAY,
      'spec: { taskDefinition: { file: null, inline: { containerDefinitions: [] } } }',
    )
    expect(load(commit(overlay, file('deploy/taskdefs/web.json', TASK_DEFINITION))).issues).toEqual([
      `${OVERLAY}:1:71 /spec/taskDefinition/inline/containerDefinitions: the task definition has no containers; expected a list containerDefinitions`,
    ])
  })
})

describe('mergePatch', () => {
  // The test cases of RFC 7396, appendix A.
  it.each<[string, string, unknown]>([
    ['{"a":"b"}', '{"a":"c"}', { a: 'c' }],
    ['{"a":"b"}', '{"b":"c"}', { a: 'b', b: 'c' }],
    ['{"a":"b"}', '{"a":null}', {}],
    ['{"a":"b","b":"c"}', '{"a":null}', { b: 'c' }],
    ['{"a":["b"]}', '{"a":"c"}', { a: 'c' }],
    ['{"a":"c"}', '{"a":["b"]}', { a: ['b'] }],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', { a: { b: 'd' } }],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', { a: [1] }],
    ['["a","b"]', '["c","d"]', ['c', 'd']],
    ['{"a":"b"}', '["c"]', ['c']],
    ['{"e":null}', '{"a":1}', { e: null, a: 1 }],
    ['[1,2]', '{"a":"b","c":null}', { a: 'b' }],
    ['{}', '{"a":{"bb":{"ccc":null}}}', { a: { bb: {} } }],
  ])('%s with %s', (target, patch, expected) => {
    expect(mergePatch(documentOf(target), documentOf(patch)).value).toEqual(expected)
  })

  it('keeps no position for a value that it takes away', () => {
    const merged = mergePatch(documentOf('{"a":{"b":1,"c":2}}'), documentOf('{"a":{"b":null}}'))
    expect([...(merged.node.children?.get('a')?.children?.keys() ?? [])]).toEqual(['c'])
  })

  it('keeps a position for every value that it keeps', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 3 }), fc.object({ maxDepth: 3 }), (target, patch) => {
        const merged = mergePatch(documentOf(JSON.stringify(target)), documentOf(JSON.stringify(patch)))
        expect(everyValueHasPlace(merged)).toBe(true)
      }),
    )
  })
})

function documentOf(text: string): LocatedDocument {
  const [document] = readDocuments(file('a.json', text)).documents
  if (!document) throw new Error(`no document in ${text}`)
  return document
}

function everyValueHasPlace({ value, node }: LocatedDocument): boolean {
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, inside]) => {
    const place = node.children?.get(name)
    return place !== undefined && everyValueHasPlace({ value: inside as unknown, node: place })
  })
}
