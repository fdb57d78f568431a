import { describe, expect, it } from 'vitest'
import type { DeepFacts, DeepSubject } from '../../controller/core/deep-drift.ts'
import { deepDrift, deepQuestion, isDeepLookDue, phaseOf } from '../../controller/core/deep-drift.ts'
import type { DefaultedReleaseSpec } from '../../controller/resources/types.ts'
import { desiredRelease } from '../support/release-fixtures.ts'

const policy = {
  service: 'Correct',
  traffic: 'Correct',
  infrastructure: 'Alert',
  unmanaged: 'Alert',
} as const
const DELAY = 'deregistration_delay.timeout_seconds'

function specWith(
  targetGroupAttributes: Record<string, string> | undefined,
  more: Partial<DefaultedReleaseSpec> = {},
): DefaultedReleaseSpec {
  const { spec } = desiredRelease()
  const traffic = spec.traffic && { ...spec.traffic, ...(targetGroupAttributes && { targetGroupAttributes }) }
  return { ...spec, ...(traffic && { traffic }), ...more }
}

const group = (side: string, attributes: Record<string, string>) => ({
  arn: `arn:tg/${side}/1`,
  name: `web-${side}`,
  attributes,
})

/** A release whose images are named by their digests. */
const releaseOf = (spec: DefaultedReleaseSpec, more: Partial<DeepSubject> = {}): DeepSubject => ({
  ...desiredRelease(),
  image: undefined,
  spec,
  ...more,
})

const factsOf = (release: DeepSubject, more: Partial<DeepFacts> = {}): DeepFacts => ({
  asked: deepQuestion(release)?.asked ?? '',
  at: 5_000,
  digests: {},
  targetGroups: {
    blue: group('blue', { [DELAY]: '300', 'slow_start.duration_seconds': '0' }),
    green: group('green', { [DELAY]: '30' }),
  },
  ...more,
})

describe('what a deep look asks', () => {
  it('is nothing where git says nothing that only it shows', () => {
    const { traffic: _traffic, ...worker } = specWith(undefined)
    for (const spec of [specWith(undefined), specWith({}), worker])
      expect(deepQuestion(releaseOf(spec))).toBeUndefined()
  })

  it('is the attributes of the pair, and another question where git says something else', () => {
    const question = deepQuestion(releaseOf(specWith({ [DELAY]: '30' })))
    expect(question?.targetGroups).toEqual({ blue: 'web-blue', green: 'web-green' })
    expect(deepQuestion(releaseOf(specWith({ [DELAY]: '60' })))?.asked).not.toBe(question?.asked)
  })
})

describe('deep drift', () => {
  const spec = releaseOf(specWith({ [DELAY]: '30' }))
  const drift = (given: DeepSubject, facts: DeepFacts | undefined) =>
    deepDrift(given, { facts, policy, now: 9_000 })

  it('is what differs of what git names, at the time of the look', () => {
    expect(drift(spec, factsOf(spec))).toEqual({
      at: 5_000,
      tags: {},
      changes: [
        {
          path: `/targetGroupAttributes/arn:tg~1blue~11/${DELAY}`,
          wanted: '30',
          live: '300',
          owner: 'Terraform',
          class: 'infrastructure',
        },
      ],
    })
  })

  it('is a target group that is gone', () => {
    const targetGroups = { blue: null, green: group('green', { [DELAY]: '30' }) }
    expect(drift(spec, factsOf(spec, { targetGroups }))?.changes).toMatchObject([
      { path: '/targetGroups/web-blue', wanted: 'web-blue', live: null },
    ])
  })

  it('is not known before the look, nor after a look with another question', () => {
    expect(drift(spec, undefined)).toBeUndefined()
    expect(drift(spec, factsOf(spec, { asked: 'something else' }))).toBeUndefined()
  })

  it('is none where nothing is asked, was not looked at, is left to others, or of a class that is ignored', () => {
    const left = releaseOf(specWith({ [DELAY]: '30' }, { ignore: ['/targetGroupAttributes/*/*'] }))
    expect(drift(releaseOf(specWith(undefined)), undefined)).toEqual({ changes: [], at: 9_000, tags: {} })
    expect(drift(spec, factsOf(spec, { targetGroups: undefined }))?.changes).toEqual([])
    expect(drift(left, factsOf(left))?.changes).toEqual([])
    const ignoring = { ...policy, infrastructure: 'Ignore' } as const
    expect(deepDrift(spec, { facts: factsOf(spec), policy: ignoring, now: 0 })?.changes).toEqual([])
  })
})

describe('a tag that was pushed again', () => {
  const web = { repository: 'registry/web', tag: 'v1', digest: 'sha256:1' }
  const proxy = { container: 'proxy', repository: 'registry/proxy', tag: 'v7', digest: 'sha256:7' }
  const tagged = releaseOf(specWith(undefined), { image: web, sidecars: [proxy], container: 'web' })
  const drift = (release: DeepSubject, digests: DeepFacts['digests']) =>
    deepDrift(release, { facts: factsOf(release, { digests, targetGroups: undefined }), policy, now: 9_000 })

  it('is asked for, and told with what it means now and what serves', () => {
    expect(deepQuestion(tagged)).toMatchObject({
      targetGroups: undefined,
      tags: [
        { repository: 'registry/web', tag: 'v1' },
        { repository: 'registry/proxy', tag: 'v7' },
      ],
    })
    const digests = { 'registry/web:v1': 'sha256:2', 'registry/proxy:v7': 'sha256:7' }
    expect(drift(tagged, digests)?.changes).toEqual([
      {
        path: '/taskDefinition/containerDefinitions/web/image',
        wanted: 'registry/web:v1@sha256:2',
        live: 'registry/web:v1@sha256:1',
        owner: 'Unmanaged',
        class: 'unmanaged',
      },
    ])
    expect(drift({ ...tagged, container: undefined }, digests)?.changes[0]?.path).toBe(
      '/taskDefinition/containerDefinitions/image/image',
    )
  })

  it('is none where the image is gone, or left to others', () => {
    expect(drift(tagged, {})?.changes).toEqual([])
    const spec = specWith(undefined, { ignore: ['/taskDefinition/containerDefinitions/*/image'] })
    expect(drift({ ...tagged, spec }, { 'registry/web:v1': 'sha256:2' })?.changes).toEqual([])
  })

  it('says nothing of what is named by its digest, by a pin or by a way back', () => {
    const { tag: _tag, ...exact } = web
    const pinned = specWith(undefined, { pin: { rollout: 1, reason: 'incident' } })
    for (const release of [
      { ...tagged, image: exact, sidecars: [] },
      { ...tagged, spec: pinned },
      { ...tagged, goesBack: true } as const,
    ])
      expect(deepQuestion(release)).toBeUndefined()
  })
})

describe('a deep look', () => {
  const question = deepQuestion(releaseOf(specWith({ [DELAY]: '30' }))) ?? {
    asked: '',
    targetGroups: undefined,
    tags: [],
  }
  const { asked } = question
  const due = (release: string, last: { asked: string; monotonic: number } | undefined, now: number) =>
    isDeepLookDue({ release, question, last, intervalMs: 1_000, now })

  it('is due at once where nobody has looked, or asked something else', () => {
    expect(due('web', undefined, 0)).toBe(true)
    expect(due('web', { asked: 'other', monotonic: 0 }, 0)).toBe(true)
  })

  it('is due once within each interval, at the same moment of it', () => {
    const turns = (release: string): number[] => {
      let last = { asked, monotonic: 0 }
      return Array.from({ length: 4_000 }, (_, now) => now).filter((now) => {
        if (!due(release, last, now)) return false
        last = { asked, monotonic: now }
        return true
      })
    }
    const of = turns('web')
    expect(of).toHaveLength(4)
    expect(new Set(of.map((at) => at % 1_000)).size).toBe(1)
    expect(turns('api')[0]).not.toBe(of[0])
  })

  it('of many releases is spread evenly, also where their names are alike', () => {
    const tenths = Array.from({ length: 10 }, () => 0)
    for (let index = 0; index < 5_000; index++) {
      const tenth = Math.floor(phaseOf(`r${index}`) * 10)
      tenths[tenth] = (tenths[tenth] ?? 0) + 1
    }
    expect(Math.min(...tenths)).toBeGreaterThan(400)
    expect(Math.max(...tenths)).toBeLessThan(600)
    expect(phaseOf('')).toBeLessThan(1)
  })
})
