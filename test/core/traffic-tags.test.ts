import { describe, expect, it } from 'vitest'
import type { DeepFacts } from '../../controller/core/deep-drift.ts'
import { deepDrift, deepQuestion } from '../../controller/core/deep-drift.ts'
import { mendedBy } from '../../controller/core/diff/mend.ts'
import type { TaggedPlace } from '../../controller/core/traffic-tags.ts'
import {
  missingTags,
  placeText,
  trafficPlaces,
  trafficTagChanges,
  trafficTags,
  withTagsAt,
} from '../../controller/core/traffic-tags.ts'
import type { DefaultedReleaseSpec } from '../../controller/resources/types.ts'
import { desiredRelease } from '../support/release-fixtures.ts'

const { spec: plain } = desiredRelease()
const wants = [{ key: 'team', value: 'shop' }, { key: 'empty' }]

const specWith = (
  traffic: Partial<NonNullable<DefaultedReleaseSpec['traffic']>>,
  more: Partial<DefaultedReleaseSpec> = {},
): DefaultedReleaseSpec => ({
  ...plain,
  ...(plain.traffic && { traffic: { ...plain.traffic, ...traffic } }),
  ...more,
})

const spec = specWith({ tags: wants })
const release = { ...desiredRelease(), image: undefined, spec }
const group: TaggedPlace = {
  arn: 'arn:tg/blue/1',
  root: 'targetGroups',
  name: 'web-blue',
  tags: { team: 'shop', empty: '' },
}
const rule: TaggedPlace = { ...group, arn: 'arn:rule', root: 'rules', name: '443:shop.example.com/*' }

describe('where tags go', () => {
  const seen = {
    targetGroups: [{ arn: 'arn:tg/blue/1', name: 'web-blue' }, null],
    test: null,
  } as const
  const ruleFacts = (arn: string) => ({ arn }) as NonNullable<Parameters<typeof trafficPlaces>[1]['test']>

  it('is both target groups, all rules and the listeners of default actions, as far as they exist, each once', () => {
    const rules = [{ port: 443, host: 'a.example.com', path: '/x' }, { port: 443 }, { ruleArn: 'arn:l/gone' }]
    const { rule: _rule, ...traffic } = specWith({ rules, test: { port: 443 } }).traffic ?? {}
    expect(
      trafficPlaces(traffic as DefaultedReleaseSpec['traffic'], {
        ...seen,
        production: [ruleFacts('arn:rule'), ruleFacts('arn:listener'), null],
        test: ruleFacts('arn:listener'),
      }),
    ).toEqual([
      { arn: 'arn:tg/blue/1', root: 'targetGroups', name: 'web-blue' },
      { arn: 'arn:rule', root: 'rules', name: '443:a.example.com/x' },
      { arn: 'arn:listener', root: 'listeners', name: '443' },
    ])
  })

  it('is the one rule of a release that names no list, without a test rule', () => {
    const { test: _test, rules: _rules, ...traffic } = specWith({ rule: { port: 80 } }).traffic ?? {}
    const places = trafficPlaces(traffic as DefaultedReleaseSpec['traffic'], {
      ...seen,
      targetGroups: [],
      production: [ruleFacts('arn:l')],
    })
    expect(places).toEqual([{ arn: 'arn:l', root: 'listeners', name: '80' }])
    expect(trafficPlaces(undefined, { ...seen, targetGroups: [], production: [] })).toEqual([])
  })

  it('is told in words', () => {
    expect([group, rule, { ...rule, root: 'listeners' as const, name: '80' }].map(placeText)).toEqual([
      'target group web-blue',
      'rule 443:shop.example.com/*',
      'listener 80',
    ])
  })
})

describe('tags of the traffic', () => {
  it('are as wanted where they are, and others are beside them', () => {
    expect(trafficTagChanges(spec, [{ ...group, tags: { ...group.tags, cost: '7' } }])).toEqual([])
    expect(trafficTags(undefined)).toEqual({})
  })

  it('are missing, or have another value', () => {
    const changes = trafficTagChanges(spec, [
      { ...group, tags: { team: 'other' } },
      { ...rule, tags: {} },
    ])
    expect(changes.map(({ path, wanted, live }) => [path, wanted, live])).toEqual([
      ['/targetGroups/web-blue/Tags/team', 'shop', 'other'],
      ['/targetGroups/web-blue/Tags/empty', '', null],
      ['/rules/443:shop.example.com~1*/Tags/team', 'shop', null],
      ['/rules/443:shop.example.com~1*/Tags/empty', '', null],
    ])
    expect(changes.every(({ owner, class: row }) => owner === 'Steersman' && row === 'traffic')).toBe(true)
    expect(changes.flatMap(mendedBy)).toEqual(Array(4).fill('elasticloadbalancing:AddTags'))
  })

  it('are left where somebody else has them', () => {
    const ignoring = specWith({ tags: wants }, { ignore: ['/targetGroups/*/Tags/team'] })
    expect(missingTags(ignoring, { ...group, tags: {} })).toEqual({ empty: '' })
  })

  it('are there once they were given', () => {
    const given = { arn: group.arn, tags: { team: 'shop' } }
    expect(
      withTagsAt(
        [
          { ...group, tags: { cost: '7' } },
          { ...rule, tags: {} },
        ],
        given,
      ),
    ).toEqual([
      { ...group, tags: { cost: '7', team: 'shop' } },
      { ...rule, tags: {} },
    ])
  })
})

describe('a deep look at tags', () => {
  const policy = {
    service: 'Correct',
    traffic: 'Correct',
    infrastructure: 'Alert',
    unmanaged: 'Alert',
  } as const
  const facts = (tagged: readonly TaggedPlace[]): DeepFacts => ({
    asked: deepQuestion(release)?.asked ?? '',
    at: 5_000,
    targetGroups: undefined,
    digests: {},
    tagged,
  })
  const known = { team: 'shop', empty: '' }

  it('is asked for where git names some, and anew where it names others or other rules', () => {
    expect(deepQuestion(release)).toMatchObject({ asksTags: true, targetGroups: undefined, tags: [] })
    const asked = [
      release,
      { ...release, spec: specWith({ tags: [{ key: 'team', value: 'b' }] }) },
      { ...release, spec: specWith({ tags: wants, test: { port: 9000 } }) },
    ].map((one) => deepQuestion(one)?.asked)
    expect(new Set(asked).size).toBe(3)
    expect(deepQuestion({ ...release, spec: specWith({ tags: [] }) })).toBeUndefined()
  })

  it('tells what was changed of tags that were all there', () => {
    const drift = deepDrift(release, {
      facts: facts([{ ...group, tags: { empty: '' } }]),
      policy,
      now: 0,
      known,
    })
    expect(drift).toMatchObject({ at: 5_000, changes: [{ path: '/targetGroups/web-blue/Tags/team' }] })
    expect(drift?.tags).toBeUndefined()
  })

  it('tells nothing of tags that nobody gave yet, or gave another value', () => {
    const one = facts([{ ...group, tags: {} }])
    expect(deepDrift(release, { facts: one, policy, now: 0 })?.changes).toEqual([])
    const before = { team: 'before' }
    expect(deepDrift(release, { facts: one, policy, now: 0, known: before })?.changes).toEqual([])
  })

  it('remembers the tags once everything has them, and forgets them where git names none', () => {
    expect(deepDrift(release, { facts: facts([group, rule]), policy, now: 0 })?.tags).toEqual(known)
    const none = { ...release, spec: plain }
    expect(deepDrift(none, { facts: undefined, policy, now: 7 })).toEqual({ changes: [], at: 7, tags: {} })
  })
})
