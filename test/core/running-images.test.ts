import { describe, expect, it } from 'vitest'
import type { DeepFacts, DeepSubject } from '../../controller/core/deep-drift.ts'
import { deepDrift, deepQuestion } from '../../controller/core/deep-drift.ts'
import type { RunningImage } from '../../controller/core/running-images.ts'
import { runningImageChanges, tagIn } from '../../controller/core/running-images.ts'
import { namesTags } from '../../controller/core/task-definition.ts'
import { desiredRelease } from '../support/release-fixtures.ts'

const running = (image: string, digest: string | undefined = 'sha256:1'): RunningImage => ({
  container: 'proxy',
  image,
  digest,
})

describe('the tag of an image', () => {
  it.each([
    ['registry/web:v1', { repository: 'registry/web', tag: 'v1' }],
    ['localhost:5000/web', { repository: 'localhost:5000/web', tag: 'latest' }],
    ['localhost:5000/web:v2', { repository: 'localhost:5000/web', tag: 'v2' }],
    ['nginx', { repository: 'nginx', tag: 'latest' }],
    ['registry/web@sha256:1', undefined],
    ['registry/web:v1@sha256:1', undefined],
    ['', undefined],
  ])('of %s is %o', (image, tag) => {
    expect(tagIn(image)).toEqual(tag)
  })

  it('is in a document where a container names one', () => {
    const document = (...images: readonly unknown[]) => ({
      containerDefinitions: images.map((image) => ({ image })),
    })
    expect(namesTags(document('web@sha256:1', 'proxy:v1'))).toBe(true)
    expect(namesTags(document('web@sha256:1', undefined))).toBe(false)
    expect(namesTags({})).toBe(false)
  })
})

describe('what runs', () => {
  it('differs where the tag means something else by now, with both digests', () => {
    expect(runningImageChanges([running('proxy:v1')], { 'proxy:v1': ['sha256:2', 'sha256:3'] })).toEqual([
      {
        path: '/taskDefinition/containerDefinitions/proxy/image',
        wanted: 'proxy:v1@sha256:2',
        live: 'proxy:v1@sha256:1',
        owner: 'Unmanaged',
        class: 'unmanaged',
      },
    ])
  })

  it.each([
    ['the tag means the same', running('proxy:v1'), { 'proxy:v1': ['sha256:1'] }],
    [
      'it is the image of a platform of what the tag means',
      running('proxy:v1'),
      { 'proxy:v1': ['sha256:2', 'sha256:1'] },
    ],
    ['the registry says nothing', running('proxy:v1'), { 'proxy:v1': undefined }],
    ['the registry was not asked', running('proxy:v1'), {}],
    [
      'nothing was pulled yet',
      { container: 'proxy', image: 'proxy:v1', digest: undefined },
      { 'proxy:v1': ['sha256:2'] },
    ],
    ['it is named by its digest', running('proxy@sha256:1'), {}],
  ])('is as wanted where %s', (_what, image, meanings) => {
    expect(runningImageChanges([image], meanings)).toEqual([])
  })
})

describe('a deep look at what runs', () => {
  const policy = {
    service: 'Correct',
    traffic: 'Correct',
    infrastructure: 'Alert',
    unmanaged: 'Alert',
  } as const
  const release: DeepSubject = { ...desiredRelease(), image: undefined, runsTags: true }
  const facts = (subject: DeepSubject): DeepFacts => ({
    asked: deepQuestion(subject)?.asked ?? '',
    at: 5,
    targetGroups: undefined,
    digests: { 'registry/web:v1': 'sha256:4' },
    running: {
      'arn:revision/1': [
        { ...running('registry/web:v1', 'sha256:3'), container: 'web' },
        running('proxy:v1'),
      ],
    },
    meanings: { 'proxy:v1': ['sha256:2'], 'registry/web:v1': ['sha256:4'] },
  })
  const paths = (subject: DeepSubject, revision: string | undefined) =>
    deepDrift(subject, { facts: facts(subject), policy, now: 0, revision })?.changes.map(({ path, live }) => [
      path.split('/')[3],
      live,
    ])

  it('is asked for where what runs may be named by tags', () => {
    expect(deepQuestion(release)).toMatchObject({ asksRunning: true, tags: [] })
    expect(deepQuestion({ ...desiredRelease(), image: undefined })).toBeUndefined()
  })

  it('tells of the revision that serves, and of no other', () => {
    expect(paths(release, 'arn:revision/1')).toEqual([
      ['proxy', 'proxy:v1@sha256:1'],
      ['web', 'registry/web:v1@sha256:3'],
    ])
    expect(paths(release, 'arn:revision/2')).toEqual([])
    expect(paths(release, undefined)).toEqual([])
  })

  it('tells of a container once, where its image was resolved for the commit, too', () => {
    const image = { repository: 'registry/web', tag: 'v1', digest: 'sha256:1' }
    const both = { ...release, image, container: 'web' }
    expect(paths(both, 'arn:revision/1')).toEqual([
      ['proxy', 'proxy:v1@sha256:1'],
      ['web', 'registry/web:v1@sha256:3'],
    ])
    expect(paths(both, undefined)).toEqual([['web', 'registry/web:v1@sha256:1']])
  })
})
