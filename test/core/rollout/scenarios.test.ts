import { describe, expect, it } from 'vitest'

import type { Side } from '../../../controller/core/observation.ts'
import { play } from '../../support/release-run.ts'
import { taskDefinitionArn } from '../../support/release-world.ts'
import type { Happening, RunOptions } from '../../support/release-run.ts'

const turn = (agesMs: readonly number[] = [], crash?: 'before the write' | 'after the write'): Happening => ({
  kind: 'turn',
  agesMs,
  crash,
})
const plain = { hasGate: false, test: false, desiredCount: 1 } as const

const commit = (version: string): Happening => ({ kind: 'commit', version })

const weights = (blue: number, green: number, rule = 0): Happening => ({ kind: 'weights', rule, blue, green })
const rules = ['arn:rule/1', 'arn:rule/2']

const pass = (seconds: number): Happening => ({ kind: 'pass', seconds })
const remove = (side: Side): Happening => ({ kind: 'remove', side })
/** Version 1 serves from the green side. */
const served = [turn(), pass(3), turn(), pass(12), turn()]

/** Stories in which a promise was once broken. */
const stories: readonly (readonly [title: string, story: RunOptions])[] = [
  [
    'a look older than the swap does not send the side to zero that took the traffic',
    { ...plain, happenings: [turn(), turn(), turn(), turn([1_001])] },
  ],
  [
    'an abort after a swap whose answer was lost waits until it is clear where the traffic is',
    {
      ...plain,
      happenings: [turn(), turn(), turn([], 'after the write'), { kind: 'abort' }, turn([1_001, 1_001])],
    },
  ],
  [
    'a retry that was asked for before anything failed does not try the next bad version twice',
    { ...plain, happenings: [{ kind: 'retry' }, commit('4'), turn()] },
  ],
  [
    'the rule divides the traffic of an empty pair before the first deploy',
    { ...plain, happenings: [weights(1, 1)] },
  ],
  [
    'the first version of all is aborted between two rules',
    { ...plain, rules, happenings: [turn(), turn(), turn([0, 0, 1]), { kind: 'abort' }] },
  ],
  [
    'a person gives traffic to a first version that never passed its gate',
    { test: true, desiredCount: 1, happenings: [commit('3'), turn(), weights(1, 1)] },
  ],
  [
    'the swap and the write after it got no answer, and the next look is older than both',
    {
      desiredCount: 1,
      hasGate: false,
      happenings: [
        turn(),
        turn(),
        turn([], 'after the write'),
        turn(),
        pass(9),
        turn([], 'after the write'),
        turn([12_001]),
      ],
    },
  ],
  [
    'a person gives a first version traffic, and changes what runs there, while another one is wanted',
    {
      ...plain,
      test: false,
      happenings: [
        turn(),
        turn(),
        commit('2'),
        weights(1, 1),
        { kind: 'repoint', side: 'green', version: '2' },
      ],
    },
  ],
  [
    'the live service is deleted while the wanted version is refused',
    { ...plain, happenings: [...served, commit('4'), pass(40), turn(), pass(400), turn(), remove('green')] },
  ],
]

/** Version 2 serves from blue and version 1 is still warm on green; somebody divides the traffic, and deletes what serves. */
const deletedWhileDivided = [...served, commit('2'), turn(), pass(3), turn(), pass(12), turn()].concat(
  weights(50, 1),
  remove('blue'),
)

/** Stories in which a part of the requests once failed until a person acted. */
const dividedStories: readonly (readonly [title: string, story: RunOptions, expected: string])[] = [
  ['nothing else is wanted', { ...plain, happenings: deletedWhileDivided }, '2'],
  ['another version is wanted', { ...plain, happenings: [...deletedWhileDivided, commit('5')] }, '5'],
  [
    'another version is wanted, and fails',
    { ...plain, happenings: [...deletedWhileDivided, commit('4')] },
    '2',
  ],
  [
    'the controller ends right after it made the service anew',
    { ...plain, happenings: [...deletedWhileDivided, turn([], 'after the write'), pass(61)] },
    '2',
  ],
  [
    'the controller ends right before it makes the service anew',
    { ...plain, happenings: [...deletedWhileDivided, turn([], 'before the write'), pass(61)] },
    '2',
  ],
  [
    'it is scaled to 0 instead, and another version is wanted',
    {
      ...plain,
      happenings: [
        ...deletedWhileDivided.slice(0, -1),
        { kind: 'scale', side: 'blue', desiredCount: 0 },
        commit('5'),
      ],
    },
    '5',
  ],
]

/** Stories in which the first version of all once never came to serve. */
const firstStories: readonly (readonly [title: string, story: RunOptions])[] = [
  [
    'a person gave it a part of the traffic, and nothing else is there that could take it',
    { test: true, desiredCount: 1, happenings: [turn(), pass(30), weights(1, 1)] },
  ],
]

describe('the first good version of all comes to serve, although', () => {
  it.each(firstStories)('%s', (_title, story) => {
    expect(play(story).lastSucceeded?.spec.taskDefinition).toBeDefined()
  })
})

describe('a release comes to rest with all promises kept, although', () => {
  it.each(stories)('%s', (_title, story) => {
    expect(play(story).log.length).toBeGreaterThan(0)
  })
})

describe('the live service is deleted while an older version takes a part of the traffic, and the release comes to serve again, although', () => {
  it.each(dividedStories)('%s', (_title, story, expected) => {
    const controller = play(story)
    expect(controller.lastSucceeded?.spec.taskDefinition).toBe(taskDefinitionArn(expected))
    const ends = controller.rollouts.map(({ status }) => status.message)
    expect(ends.filter((message) => message?.includes("can't take it"))).toEqual([])
  })
})
