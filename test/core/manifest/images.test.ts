import { describe, expect, it } from 'vitest'
import { checkReleaseAllowed } from '../../../controller/core/policy.ts'
import { loadManifests } from '../../../controller/core/manifest.ts'
import { renderTaskDefinition } from '../../../controller/core/task-definition.ts'
import { imagesOf, mainContainerName } from '../../../controller/resources/images.ts'
import { releaseDocument } from '../../resources/documents.ts'
import { file } from './files.ts'

const image = { repository: 'example.com/app', tag: 'v1' }
const web = { name: 'web', portMappings: [{ containerPort: 8080 }] }
const proxy = { name: 'proxy', portMappings: [{ containerPort: 80 }] }
const containers = { taskDefinition: { inline: { containerDefinitions: [web, proxy] } } }

function load(spec: Record<string, unknown>, traffic: Record<string, unknown> = {}) {
  const document = releaseDocument({ ...containers, ...spec }) as { spec: { traffic: object } }
  document.spec.traffic = { ...document.spec.traffic, ...traffic }
  return loadManifests({
    files: [file('deploy/releases/web.json', JSON.stringify(document))],
    path: 'deploy',
    environment: 'demo',
    requiredGates: [],
  })
}

const NO_TAG =
  "${imageTag} can't stand here: the release has no image with a tag; expected one of ${commit}, ${environment}, ${region}, ${account}"

const issuesOf = (spec: Record<string, unknown>, traffic?: Record<string, unknown>): string[] =>
  load(spec, traffic).issues.map(({ message }) => message)

describe('a release with an image for each container', () => {
  const images = { proxy: image, web: image }
  const gate = (body: string) => ({
    gates: [{ name: 'smoke', http: { path: '/', expect: { status: 200, body } }, timeout: '1m' }],
  })

  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    ['for its own container', { images }, {}, []],
    ['whose requests go to the other', { images }, { container: 'proxy' }, []],
    [
      'and one of the other form',
      { images, image },
      {},
      ['a release gives its images in one way; expected either image or images'],
    ],
    [
      'for a container that is not there',
      { images: { ...images, log: image } },
      {},
      ['no container is called "log"; expected each of those that images names'],
    ],
    [
      'without one for the container of the requests',
      {
        images: { proxy: image, log: image },
        taskDefinition: { inline: { containerDefinitions: [{ ...proxy, name: 'log' }, proxy] } },
      },
      {},
      [
        'none of the images is of a container called web; expected traffic.container to name the one that takes the requests',
        'no container is called "web" and there are several; expected the release to name one in traffic.container',
      ],
    ],
    [
      'without one for the named container of the requests',
      { images: { proxy: image } },
      { container: 'web' },
      [
        'the container web, which takes the requests, has no image; expected it among the images',
        'a container has no image; expected a text image, or the release to give it',
      ],
    ],
    ['whose gate uses the tag', { images, ...gate('${imageTag}') }, {}, []],
    [
      'whose gate uses a tag that is not there',
      {
        images: { proxy: image, web: { repository: 'example.com/app', digest: `sha256:${'a'.repeat(64)}` } },
        ...gate('${imageTag}'),
      },
      {},
      [NO_TAG],
    ],
  ])('%s', (_what, spec, traffic, expected) => {
    expect(issuesOf(spec, traffic).toSorted()).toEqual(expected.toSorted())
  })

  it('has the one of the container that takes the requests first', () => {
    const release = { metadata: { name: 'web' }, spec: { images } }
    expect(imagesOf(release).map(({ container, path }) => [container, path])).toEqual([
      ['web', '/spec/images/web'],
      ['proxy', '/spec/images/proxy'],
    ])
    const routed = { ...release, spec: { images, traffic: { container: 'proxy' } } }
    expect([mainContainerName(release), mainContainerName(routed)]).toEqual(['web', 'proxy'])
  })

  it('is refused for each image of a repository that is not allowed', () => {
    const [loaded] = load({
      images: { web: image, proxy: { repository: 'evil.com/app', tag: 'v1' } },
    }).releases
    if (loaded === undefined) throw new Error('it did not load')
    const problems = checkReleaseAllowed({
      release: loaded.release,
      policy: { allow: undefined, images: { allow: ['example.com/*'] } },
    })
    expect(problems.map(({ path }) => path)).toEqual(['/spec/images/proxy/repository'])
  })

  it('is rendered with each digest in its place, and is another version with another one', () => {
    const render = (letter: string) =>
      renderTaskDefinition({
        document: { containerDefinitions: [web, proxy] },
        environment: 'demo',
        release: 'web',
        image: { repository: 'example.com/app', digest: `sha256:${'a'.repeat(64)}` },
        sidecars: [
          { container: 'proxy', repository: 'example.com/proxy', digest: `sha256:${letter.repeat(64)}` },
        ],
      })
    expect(render('b').document['containerDefinitions']).toMatchObject([
      { name: 'web', image: `example.com/app@sha256:${'a'.repeat(64)}` },
      { name: 'proxy', image: `example.com/proxy@sha256:${'b'.repeat(64)}` },
    ])
    expect(render('b').digest).not.toBe(render('c').digest)
  })
})
