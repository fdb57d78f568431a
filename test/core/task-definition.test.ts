import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { canonicalJson } from '../../controller/core/canonical-json.ts'
import { contentDigest } from '../../controller/core/content-digest.ts'
import { taskDefinitionShape } from '../../controller/core/defaults.ts'
import {
  imageContainer,
  renderTaskDefinition,
  TaskDefinitionError,
  taskDefinitionTags,
} from '../../controller/core/task-definition.ts'
import { documentOf, shuffled } from './diff/arbitrary.ts'
import { propertyRuns } from '../support/property-runs.ts'

const image = { repository: 'example.com/web', digest: `sha256:${'a'.repeat(64)}` }
const source = (document: Record<string, unknown>, container?: string) => ({
  document,
  environment: 'prod',
  release: 'web',
  container,
  image,
})
const web = {
  containerDefinitions: [
    { name: 'web', image: 'old' },
    { name: 'proxy', image: 'envoy:1' },
  ],
}
const digestOf = (document: Record<string, unknown>): string => renderTaskDefinition(source(document)).digest

describe('a rendered task definition', () => {
  it('holds the image, the family and nothing that ECS would refuse', () => {
    const described = {
      ...web,
      taskDefinitionArn: 'arn',
      revision: 3,
      status: 'ACTIVE',
      tags: [{ key: 'a', value: 'b' }],
    }
    const rendered = renderTaskDefinition(source(described))
    expect(rendered).toMatchObject({
      document: {
        family: 'prod-web',
        containerDefinitions: [
          { name: 'web', image: `example.com/web@${image.digest}` },
          { name: 'proxy', image: 'envoy:1' },
        ],
      },
      family: 'prod-web',
      containerName: 'web',
      tags: { a: 'b' },
    })
    expect(Object.keys(rendered.document).toSorted()).toEqual(['containerDefinitions', 'family'])
  })

  it('keeps the images of the document where the release has none', () => {
    const { document, containerName } = renderTaskDefinition({ ...source(web), image: undefined })
    expect(document['containerDefinitions']).toEqual(web.containerDefinitions)
    expect(containerName).toBeUndefined()
  })

  it('leaves the document as it was', () => {
    const document = {
      ...web,
      containerDefinitions: web.containerDefinitions.map((each) => Object.freeze({ ...each })),
    }
    const before = structuredClone(document)
    renderTaskDefinition(source(Object.freeze(document)))
    expect(document).toEqual(before)
  })

  it('is tagged with its digest, its own tags kept', () => {
    const rendered = renderTaskDefinition(
      source({ ...web, tags: [{ key: 'team', value: 'shop' }, { key: 'bare' }] }),
    )
    expect(taskDefinitionTags(rendered, { environment: 'prod', release: 'web' })).toEqual({
      team: 'shop',
      bare: '',
      'steersman.dev/digest': rendered.digest,
      'steersman.dev/environment': 'prod',
      'steersman.dev/release': 'web',
    })
  })

  it.each([
    ['the one named', [{ name: 'a' }, { name: 'b' }], 'b', 'b'],
    ['the one named as the release', [{ name: 'a' }, { name: 'web' }], undefined, 'web'],
    ['the only one', [{ name: 'a' }], undefined, 'a'],
  ])('puts the image into %s', (_, containerDefinitions, container, expected) => {
    expect(imageContainer({ document: { containerDefinitions }, release: 'web', container })).toBe(expected)
  })

  it.each([
    ['two of other names', [{ name: 'a' }, { name: 'b' }], undefined],
    ['none of the name', [{ name: 'web' }], 'api'],
    ['none at all', [], undefined],
    ['no list', 'web', undefined],
  ])('is refused with %s', (_, containerDefinitions, container) => {
    expect(() => renderTaskDefinition(source({ containerDefinitions }, container))).toThrow(
      TaskDefinitionError,
    )
  })
})

describe('a document without a place for the image', () => {
  const error = (containers: unknown, container?: string) => () =>
    imageContainer({ document: { containerDefinitions: containers }, release: 'web', container })

  it('is refused by an error that programs know', () => {
    expect(error([])).toThrow(
      expect.objectContaining({ name: 'TaskDefinitionError', code: 'NoImageContainer' }),
    )
  })

  it.each([
    ['its release', undefined, 'web'],
    ['the container that the release names', 'api', 'api'],
  ])('is refused by the name of %s and those that there are', (_what, container, name) => {
    expect(error([{ name: 'a' }, null, 'x', { name: 'b' }], container)).toThrow(
      `the task definition has no container "${name}"; expected one of that name, or image.container to name one of: a, b`,
    )
  })
})

describe('tags of a document', () => {
  const tagsOf = (tags: unknown) => renderTaskDefinition(source({ ...web, tags })).tags

  it('are those that are tags', () => {
    expect(tagsOf([{ key: 'a', value: 1 }, 'x', null, ['b']])).toEqual({ a: '1' })
    expect([tagsOf(undefined), tagsOf('a')]).toEqual([{}, {}])
  })
})

describe('the digest', () => {
  it.each([
    ['defaults spelled out', { ...web, networkMode: 'bridge', enableFaultInjection: false, volumes: [] }],
    ['containers in another order', { containerDefinitions: web.containerDefinitions.toReversed() }],
    [
      'another image in the document',
      { containerDefinitions: [{ name: 'web', image: 'new' }, web.containerDefinitions[1]] },
    ],
    ['its own family', { ...web, family: 'prod-web' }],
    ['enums in another case', { ...web, networkMode: 'BRIDGE' }],
    ['null members', { ...web, cpu: null, taskRoleArn: null }],
  ])('does not change with %s', (_, document) => {
    expect(digestOf(document)).toBe(digestOf(web))
  })

  it.each([
    [
      'a command',
      {
        containerDefinitions: [
          { ...web.containerDefinitions[0], command: ['a'] },
          web.containerDefinitions[1],
        ],
      },
    ],
    ['a size', { ...web, cpu: '512' }],
    ['a tag', { ...web, tags: [{ key: 'a', value: 'b' }] }],
    ['a member that the tables do not know', { ...web, someday: true }],
  ])('changes with %s', (_, document) => {
    expect(digestOf(document)).not.toBe(digestOf(web))
  })

  it('changes with the image', () => {
    const other = { ...source(web), image: { ...image, digest: `sha256:${'b'.repeat(64)}` } }
    expect(renderTaskDefinition(other).digest).not.toBe(digestOf(web))
  })

  it('does not change with the order of keys and sets, whatever the document', () => {
    fc.assert(
      fc.property(documentOf(taskDefinitionShape), (document) => {
        const full = {
          ...(document as Record<string, unknown>),
          containerDefinitions: web.containerDefinitions,
        }
        expect(digestOf(shuffled(taskDefinitionShape, full) as Record<string, unknown>)).toBe(digestOf(full))
      }),
      { numRuns: propertyRuns(100) },
    )
  })
})

describe('the content that a failure is remembered for', () => {
  const content = {
    taskDefinition: 'sha256:1',
    imageDigest: 'sha256:2',
    settings: { launchType: 'FARGATE', propagateTags: 'NONE' },
    gates: [{ name: 'smoke', when: 'Verify' }, { name: 'bake' }],
  }

  it.each([
    ['the order of gates', { ...content, gates: content.gates.toReversed() }],
    ['a default spelled out', { ...content, settings: { launchType: 'FARGATE' } }],
    ['the order of keys', Object.fromEntries(Object.entries(content).toReversed()) as typeof content],
  ])('stays the same with %s', (_, other) => {
    expect(contentDigest(other)).toBe(contentDigest(content))
  })

  it.each([
    ['another task definition', { ...content, taskDefinition: 'sha256:3' }],
    ['another image', { ...content, imageDigest: undefined }],
    ['other settings', { ...content, settings: undefined }],
    ['another gate', { ...content, gates: [{ name: 'bake' }] }],
    ['a strategy', { ...content, strategy: { type: 'Canary' } }],
  ])('is another with %s', (_, other) => {
    expect(contentDigest(other)).not.toBe(contentDigest(content))
    expect(contentDigest(other)).toMatch(/^sha256:[0-9a-f]{64}$/)
  })
})

describe('canonical JSON', () => {
  it('is one text for equal data, and JSON that says the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
    expect(canonicalJson({ b: undefined, a: [{ d: 1, c: 2 }] })).toBe('{"a":[{"c":2,"d":1}]}')
    expect(canonicalJson(undefined)).toBe('null')
  })
})
