import { describe, expect, it } from 'vitest'
import { imageParts } from '../../../controller/core/adopt/image-name.ts'
import { containersOf, hasContentOf } from '../../../controller/core/adopt/same-content.ts'
import type { DesiredRelease } from '../../../controller/core/desired.ts'
import type { TaskDefinitionFacts } from '../../../controller/core/observation.ts'
import { renderTaskDefinition } from '../../../controller/core/task-definition.ts'
import { adoptable, DIGEST, REPOSITORY, REVISION } from '../../support/adoption-facts.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'

const OTHER = `sha256:${'b'.repeat(64)}`
const { taskDefinition: revision } = adoptable
const [app, proxy] = containersOf(revision.document)
const tags = [{ key: 'team', value: 'shop' }]

/** The revision, with the serving container's image written so. */
const running = (image: unknown): TaskDefinitionFacts => ({
  ...revision,
  document: { ...revision.document, containerDefinitions: [{ ...app, image }, proxy] },
})

/** The release as the file of the task definition and its adopted image say it; without an image, the document's own runs. */
function wanted(
  options: {
    readonly digest?: string | undefined
    readonly ran?: string | undefined
    readonly memory?: string
    readonly team?: string
  } = {},
): Parameters<typeof hasContentOf>[1] {
  const { digest, ran, memory = '512', team = 'shop' } = options
  const image = digest === undefined ? undefined : { repository: REPOSITORY, digest }
  const base = desiredRelease()
  const release: DesiredRelease = {
    ...base,
    ...(image === undefined ? {} : { image: { container: 'app', ...image } }),
    spec: {
      ...base.spec,
      adopted: { taskDefinition: REVISION, ...(ran === undefined ? {} : { image: ran }) },
    },
  }
  const rendered = renderTaskDefinition({
    document: { ...revision.document, memory, tags: [{ key: 'team', value: team }] },
    environment: release.environment,
    release: release.name,
    ...(image === undefined ? {} : { image, container: 'app' }),
  })
  return { release, rendered }
}

describe('a revision that somebody else registered', () => {
  it.each<[string, boolean, TaskDefinitionFacts, Parameters<typeof wanted>[0]]>([
    ['has the content of a release that names no image', true, revision, {}],
    ['has not the content where the release wants another memory', false, revision, { memory: '1024' }],
    ['has the content where only its own tags differ', true, { ...revision, tags: {} }, {}],
    [
      'has the content where its tag ran the wanted digest',
      true,
      running(`${REPOSITORY}:1.4`),
      { digest: DIGEST, ran: DIGEST },
    ],
    [
      'has not the content where its tag ran another digest',
      false,
      running(`${REPOSITORY}:1.4`),
      { digest: DIGEST, ran: OTHER },
    ],
    [
      'has not the content where nobody knows what its tag ran',
      false,
      running(`${REPOSITORY}:1.4`),
      { digest: DIGEST },
    ],
    [
      'has the content where it names the digest itself, whatever is said to have run',
      true,
      running(`${REPOSITORY}@${DIGEST}`),
      { digest: DIGEST, ran: OTHER },
    ],
    [
      'has not the content where it names another digest',
      false,
      running(`${REPOSITORY}@${OTHER}`),
      { digest: DIGEST, ran: DIGEST },
    ],
    [
      'has not the content where the image is of another repository',
      false,
      running('ghcr.io/shop/web:1.4'),
      { digest: DIGEST, ran: DIGEST },
    ],
    [
      'has not the content where the container has no image',
      false,
      running(7),
      { digest: DIGEST, ran: DIGEST },
    ],
    [
      'has not the content where it lacks the container',
      false,
      { ...revision, document: { ...revision.document, containerDefinitions: [proxy] } },
      { digest: DIGEST, ran: DIGEST },
    ],
    [
      'has not the content where the image is right and the rest is not',
      false,
      running(`${REPOSITORY}:1.4`),
      { digest: DIGEST, ran: DIGEST, memory: '1024' },
    ],
  ])('%s', (_, holds, given, options) => {
    expect(hasContentOf(given, wanted(options))).toBe(holds)
  })

  it('has the content whatever tags it and the release have', () => {
    const tagged = { ...revision, document: { ...revision.document, tags } }
    expect(hasContentOf(tagged, wanted({ team: 'other' }))).toBe(true)
    expect(wanted({ team: 'other' }).rendered.digest).not.toBe(wanted().rendered.digest)
  })
})

describe('a revision with several images that somebody else registered', () => {
  const PROXY = { container: 'proxy', repository: 'envoyproxy/envoy', digest: OTHER }

  /** The revision with the proxy's image written so, and the release that gives both containers an image. */
  const holds = (image: string | undefined, ran: Readonly<Record<string, string>> | undefined): boolean => {
    const { release, rendered } = wanted({ digest: DIGEST, ran: DIGEST })
    const { document } = renderTaskDefinition({
      document: rendered.document,
      environment: release.environment,
      release: release.name,
      container: 'app',
      image: { repository: REPOSITORY, digest: DIGEST },
      sidecars: [PROXY],
    })
    const both = renderTaskDefinition({
      document: { ...document, tags: [{ key: 'team', value: 'shop' }] },
      environment: release.environment,
      release: release.name,
      container: 'app',
      image: { repository: REPOSITORY, digest: DIGEST },
      sidecars: [PROXY],
    })
    const adopted = { taskDefinition: REVISION, image: DIGEST, ...(ran === undefined ? {} : { images: ran }) }
    const seen = {
      ...revision,
      document: { ...revision.document, containerDefinitions: [app, { ...proxy, image }] },
    }
    const spec = { ...release.spec, adopted }
    return hasContentOf(seen, { release: { ...release, spec, sidecars: [PROXY] }, rendered: both })
  }

  it.each<[string, boolean, string | undefined, Readonly<Record<string, string>> | undefined]>([
    [
      'has the content where the tag of each ran the wanted digest',
      true,
      'envoyproxy/envoy:v1.30',
      { proxy: OTHER },
    ],
    ['has the content where one names the digest itself', true, `envoyproxy/envoy@${OTHER}`, undefined],
    [
      'has not the content where one tag ran another digest',
      false,
      'envoyproxy/envoy:v1.30',
      { proxy: DIGEST },
    ],
    ['has not the content where nobody knows what one tag ran', false, 'envoyproxy/envoy:v1.30', undefined],
    [
      'has not the content where that is known of another one',
      false,
      'envoyproxy/envoy:v1.30',
      { app: OTHER },
    ],
    ['has not the content where one image is of another repository', false, 'nginx:1.27', { proxy: OTHER }],
    ['has not the content where one container has no image', false, undefined, { proxy: OTHER }],
  ])('%s', (_, expected, image, ran) => {
    expect(holds(image, ran)).toBe(expected)
  })

  it('has not the content where the release gives an image to nobody it knows', () => {
    const { release, rendered } = wanted({ digest: DIGEST, ran: DIGEST })
    const { container: _left, ...nobody } = PROXY
    expect(
      hasContentOf(running(`${REPOSITORY}:1.4`), { release: { ...release, sidecars: [nobody] }, rendered }),
    ).toBe(false)
  })
})

describe('the containers of a document', () => {
  it.each([
    ['are its container definitions', { containerDefinitions: [{ name: 'a' }, { name: 'b' }] }, ['a', 'b']],
    ['leave out what is no object', { containerDefinitions: ['a', null, { name: 'b' }] }, ['b']],
    ['are none where the document has no list of them', { containerDefinitions: 'a' }, []],
    ['are none where the document is empty', {}, []],
  ])('%s', (_, document, names) => {
    expect(containersOf(document).map(({ name }) => name)).toEqual(names)
  })
})

describe('the parts of an image', () => {
  it.each([
    ['nginx', { repository: 'nginx', tag: undefined, digest: undefined }],
    ['nginx:1.27', { repository: 'nginx', tag: '1.27', digest: undefined }],
    ['registry:5000/nginx', { repository: 'registry:5000/nginx', tag: undefined, digest: undefined }],
    ['registry:5000/nginx:1', { repository: 'registry:5000/nginx', tag: '1', digest: undefined }],
    [`a/b:1@${DIGEST}`, { repository: 'a/b', tag: '1', digest: DIGEST }],
    ['', { repository: '', tag: undefined, digest: undefined }],
    ['two\nlines:1', { repository: 'two\nlines:1', tag: undefined, digest: undefined }],
  ])('of %j are told apart', (image, parts) => {
    expect(imageParts(image)).toEqual(parts)
  })
})
