import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { deployTagMessage, parseDeployTag } from '../../controller/core/revision.ts'
import type { DeployedRelease } from '../../controller/core/revision.ts'
import { anyText } from '../support/any-text.ts'

const digest = `sha256:${'a1'.repeat(32)}`
const web: DeployedRelease = {
  release: 'web',
  rollout: 'prod-web-42',
  image: digest,
  taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/prod-web:57',
}

const trailersOf = (message: string) =>
  message.split('\n').flatMap((line) => {
    const match = /^([\w-]+): (.*)$/.exec(line)
    return match === null ? [] : [{ key: String(match[1]).toLowerCase(), value: String(match[2]) }]
  })

describe('the message of a deploy tag', () => {
  it('says for people what happened, and for us what each release serves', () => {
    const worker = { release: 'api', rollout: undefined, image: undefined, taskDefinition: 'arn:task:1' }
    expect(deployTagMessage({ environment: 'prod', number: 42, commit: 'c5', releases: [web, worker] })).toBe(
      [
        'Deployment 42 of prod',
        '',
        'Every release of commit c5 was verified and serves.',
        '',
        'Steersman-Environment: prod',
        'Steersman-Number: 42',
        'Steersman-Release: api task-definition=arn:task:1',
        `Steersman-Release: web rollout=prod-web-42 image=${digest} task-definition=${web.taskDefinition}`,
        '',
      ].join('\n'),
    )
  })

  it('names the releases in order, however they were given, with their tags', () => {
    const releases = ['b', 'c', 'a'].map((release) => ({
      ...web,
      release,
      image: undefined,
      tag: `v-${release}`,
    }))
    const message = deployTagMessage({ environment: 'prod', number: 1, commit: 'c', releases })
    expect(message.match(/^Steersman-Release: .*/gm)).toEqual(
      ['a', 'b', 'c'].map(
        (release) =>
          `Steersman-Release: ${release} rollout=prod-web-42 task-definition=${web.taskDefinition} tag=v-${release}`,
      ),
    )
  })

  it('names the digests of further containers, which are read back', () => {
    const sidecars = { proxy: `sha256:${'b'.repeat(64)}`, 'log-router': `sha256:${'c'.repeat(64)}` }
    const message = deployTagMessage({
      environment: 'prod',
      number: 1,
      commit: 'c',
      releases: [{ ...web, sidecars }],
    })
    expect(message).toContain(` image.proxy=${sidecars.proxy} image.log-router=`)
    expect(parseDeployTag({ trailers: trailersOf(message) }).releases).toEqual([{ ...web, sidecars }])
    const written = 'web image.proxy=sha256:1 image.=x'
    expect(
      parseDeployTag({ trailers: [{ key: 'steersman-release', value: written }] }).releases[0],
    ).not.toHaveProperty('sidecars')
  })

  it('refuses a value that would be read back as something else', () => {
    const releases = [{ ...web, rollout: 'a image=b' }]
    expect(() => deployTagMessage({ environment: 'prod', number: 1, commit: 'c', releases })).toThrow('blank')
  })

  it('is read back as it was written, for any releases', () => {
    const name = fc.stringMatching(/^[a-z]([-a-z0-9]{0,20})$/)
    const value = fc.option(fc.stringMatching(/^[\x21-\x7e]{1,60}$/), { nil: undefined })
    const release = fc.record({
      release: name,
      rollout: value,
      image: fc.constantFrom(undefined, digest),
      taskDefinition: value,
    })
    const tagged = fc.tuple(release, value).map(([one, tag]) => (tag === undefined ? one : { ...one, tag }))
    const releases = fc.uniqueArray(tagged, { selector: (one) => one.release, maxLength: 8 })
    fc.assert(
      fc.property(releases, fc.integer({ min: 1, max: 999_999 }), (all, number) => {
        const message = deployTagMessage({ environment: 'prod', number, commit: 'c', releases: all })
        const read = parseDeployTag({ trailers: trailersOf(message) })
        expect(read.number).toBe(number)
        expect(read.environment).toBe('prod')
        expect(new Map(read.releases.map((one) => [one.release, one]))).toEqual(
          new Map(all.map((one) => [one.release, one])),
        )
      }),
    )
  })
})

describe('a tag that is not ours, or broken', () => {
  it.each([
    ['', []],
    ['UPPER rollout=1', []],
    ['web', [{ release: 'web', rollout: undefined, image: undefined, taskDefinition: undefined }]],
    [
      'web image=latest rollout=',
      [{ release: 'web', rollout: undefined, image: undefined, taskDefinition: undefined }],
    ],
  ])("with release trailer '%s' says only what can be read", (value, releases) => {
    expect(parseDeployTag({ trailers: [{ key: 'Steersman-Release', value }] }).releases).toEqual(releases)
  })

  it.each([
    ['blanks around it and between its parts', '  web   rollout=a   tag=v1 ', { rollout: 'a', tag: 'v1' }],
    ['an image with something before its digest', `web image=x${digest}`, { image: undefined }],
    ['an image with something after its digest', `web image=${digest}0`, { image: undefined }],
    ['a whole image', `web image=${digest}`, { image: digest }],
  ])('is read with %s', (_what, value, expected) => {
    const [release] = parseDeployTag({ trailers: [{ key: 'steersman-release', value }] }).releases
    expect(release).toMatchObject({ release: 'web', ...expected })
  })

  it.each(['-web', 'web_', `w${'e'.repeat(63)}`])("names no release where it says '%s'", (value) => {
    expect(parseDeployTag({ trailers: [{ key: 'steersman-release', value }] }).releases).toEqual([])
  })

  it('says nothing of a tag that it does not hold', () => {
    const [release] = parseDeployTag({ trailers: [{ key: 'steersman-release', value: 'web' }] }).releases
    expect(Object.keys(release ?? {})).not.toContain('tag')
  })

  it('is read up to a thousand releases', () => {
    const trailers = Array.from({ length: 1_001 }, (_, index) => ({
      key: 'steersman-release',
      value: `web-${index}`,
    }))
    expect(parseDeployTag({ trailers }).releases).toHaveLength(1_000)
  })

  it('keeps the first of two trailers for one release', () => {
    const trailers = ['web rollout=a', 'web rollout=b'].map((value) => ({ key: 'steersman-release', value }))
    expect(parseDeployTag({ trailers }).releases.map(({ rollout }) => rollout)).toEqual(['a'])
  })

  it.each(['0', '1.5', 'many', ''])("has no number where it says '%s'", (value) => {
    expect(parseDeployTag({ trailers: [{ key: 'steersman-number', value }] }).number).toBeUndefined()
  })

  it('has neither number nor environment where it says none', () => {
    expect(parseDeployTag({ trailers: [] })).toEqual({
      environment: undefined,
      number: undefined,
      releases: [],
    })
  })

  it('never makes the parser throw', () => {
    const key = fc.oneof(
      fc.constantFrom('steersman-release', 'steersman-number', 'Steersman-Environment'),
      fc.string(),
    )
    const trailers = fc.array(fc.record({ key, value: anyText() }))
    fc.assert(
      fc.property(trailers, (all) => {
        expect(parseDeployTag({ trailers: all }).releases.length).toBeLessThanOrEqual(all.length)
      }),
    )
  })
})
