import { describe, expect, it } from 'vitest'

import type { ReleaseObservation, Side } from '../../../controller/core/observation.ts'
import {
  allRulesAt,
  heavierSide,
  onlyTo,
  targetGroupWeights,
  testPointsOnlyAt,
} from '../../../controller/core/rollout/traffic.ts'
import { blank } from '../../support/release-controller.ts'
import { groupArn, ReleaseWorld, testRule } from '../../support/release-world.ts'

type Groups = Readonly<Record<string, number>>

const divided = (blue: number, green: number): Groups => ({
  [groupArn('blue')]: blue,
  [groupArn('green')]: green,
})
const elsewhere = 'arn:tg/other'

/** What is seen of rules with these weights, in order. */
function seen(production: readonly Groups[], test: Groups = {}): ReleaseObservation {
  const rules = production.map((_, index) => `arn:rule/${index}`)
  const world = new ReleaseWorld({ rules })
  for (const [index, groups] of production.entries()) world.setGroups(`arn:rule/${index}`, groups)
  world.setGroups(testRule, test)
  return world.look(blank, ['rules'])
}

describe('all rules are at a side', () => {
  it.each<readonly [title: string, production: readonly Groups[], expected: boolean]>([
    ['with all the weight there', [divided(0, 100)], true],
    ['with any weight there, since only the ratio counts', [divided(0, 1)], true],
    ['each of them', [divided(0, 100), divided(0, 100)], true],
    ['not when one is not', [divided(0, 100), divided(1, 99)], false],
    ['not with some weight on the other side', [divided(1, 99)], false],
    ['not with some weight elsewhere', [{ ...divided(0, 100), [elsewhere]: 1 }], false],
    ['not with no weight at all', [divided(0, 0)], false],
    ['not when they forward nothing', [{}], false],
    ['not when there is none', [], false],
  ])('%s', (_title, production, expected) => {
    expect(allRulesAt(seen(production), onlyTo('green'))).toBe(expected)
  })

  it('not when one does not exist', () => {
    expect(allRulesAt({ ...seen([divided(0, 100)]), production: [null] }, onlyTo('green'))).toBe(false)
  })
})

describe('the heavier side', () => {
  it.each<readonly [title: string, production: readonly Groups[], expected: Side | undefined]>([
    ['has most of the weight', [divided(1, 99)], 'green'],
    ['has most of the weight, be it blue', [divided(51, 49)], 'blue'],
    ['is none where all is even', [divided(50, 50)], undefined],
    ['is none where nothing is forwarded', [divided(0, 0)], undefined],
    ['is none where the rules cancel out', [divided(100, 0), divided(0, 1)], undefined],
    ['has most of the shares of all rules, whatever their sums', [divided(0, 1), divided(60, 40)], 'green'],
  ])('%s', (_title, production, expected) => {
    expect(heavierSide(seen(production))).toBe(expected)
  })
})

describe('the test rule', () => {
  it.each<readonly [title: string, test: Groups, blue: boolean, green: boolean]>([
    ['points at a side alone', { [groupArn('blue')]: 100 }, true, false],
    ['points at a side alone, the other being there with nothing', divided(0, 1), false, true],
    ['points at no side alone with both', divided(1, 1), false, false],
    ['points at no side alone with something else', { ...divided(1, 0), [elsewhere]: 1 }, false, false],
    ['points at no side with nothing', divided(0, 0), false, false],
  ])('%s', (_title, test, blue, green) => {
    const observation = seen([divided(0, 100)], test)
    expect([testPointsOnlyAt(observation, 'blue'), testPointsOnlyAt(observation, 'green')]).toEqual([
      blue,
      green,
    ])
  })
})

describe('the weights of a write', () => {
  it('name the target groups of the pair, and leave out one that does not exist', () => {
    const observation = seen([divided(0, 100)])
    const blue = { targetGroupArn: groupArn('blue'), weight: 0 }
    const green = { targetGroupArn: groupArn('green'), weight: 100 }
    expect(targetGroupWeights(observation, onlyTo('green'))).toEqual([blue, green])
    expect(targetGroupWeights(blank, onlyTo('green'))).toEqual([])
  })
})
