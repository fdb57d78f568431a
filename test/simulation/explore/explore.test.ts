import { beforeAll, describe, expect, it } from 'vitest'

import type { Simulation } from '../run/simulation.ts'
import { exploreCrashes } from './crash.ts'
import { compareEffects } from './effects.ts'
import { compareEnds } from './end-state.ts'
import { observe, withHappening } from './observe.ts'
import { observerHere } from './observers.ts'
import { exceptions, knownWrites, unexplored } from './operations.ts'
import { crashTable, staleTable } from './report.ts'
import { exploreStaleness } from './stale.ts'
import { exploredStories } from './stories.ts'

const stories = exploredStories.slice(0, 1)
const BY_CODE_DEPLOY = 'CodeDeploy moves the traffic, and is stopped for a version that its gate refuses'

beforeAll(async () => {
  for (const { story } of stories) await observe(story)
})

describe('the crash explorer', () => {
  it('ends with the same world whichever write it crashes at', async () => {
    const found = await exploreCrashes(stories, { observer: observerHere(), mostWrites: 4, mostPairs: 2 })
    expect(found.violations).toEqual([])
    expect(found).toMatchObject({ runs: 1 + 2 * 4 + 2, pairs: { played: 2 } })
    expect(crashTable(found)).toContain('| first deploy | aws CreateService | 1 |')
  })

  it.each([
    ['infrastructure before the rollout', 'terraform apply', 2],
    ['lock of the state freed by a person', 'terraform unlock', 1],
    [BY_CODE_DEPLOY, 'aws CreateDeployment', 3],
    [BY_CODE_DEPLOY, 'aws ContinueDeployment', 3],
    [BY_CODE_DEPLOY, 'aws StopDeployment', 1],
  ])('ends with the same world, in the story %s, whichever %s it crashes at', async (name, kind, count) => {
    const story = exploredStories.find((explored) => explored.name === name)?.story
    if (story === undefined) throw new Error(`no story ${name}`)
    const undisturbed = await observe(story)
    const writes = undisturbed.writes.flatMap((write, index) => (write === kind ? [index + 1] : []))
    expect(writes).toHaveLength(count)
    for (const write of writes)
      for (const moment of ['before', 'after']) {
        const crash = { write, of: 'any', moment, downMs: 2_000 }
        const crashed = await observe(withHappening(story, 'crash at a write', crash))
        expect(crashed.violations).toEqual([])
        expect(compareEffects(undisturbed.effects, crashed.effects)).toEqual([])
        expect(compareEnds(undisturbed.end, crashed.end)).toEqual([])
      }
  })

  it('notices a write that is made twice, and names the story that plays it again', async () => {
    const found = await exploreCrashes(stories, {
      observer: observerHere(writeTwice),
      mostWrites: 1,
      mostPairs: 0,
    })
    const violation = found.violations.find(({ promise }) => promise === 'I10')
    expect(violation?.message).toContain('RegisterTaskDefinition')
    expect(violation?.story.happenings[0]).toMatchObject({
      kind: 'crash at a write',
      with: { downMs: 2_000 },
    })
  })

  it('notices an end that differs', async () => {
    const found = await exploreCrashes(stories, {
      observer: observerHere(registerInSecondLife),
      mostWrites: 1,
      mostPairs: 0,
    })
    expect(found.violations.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('there is task definition demo-web:'),
    )
  })

  it('refuses writes that it does not know, that never occur, and exceptions that occur', () => {
    const [exception = ''] = exceptions.keys()
    const all = new Set(knownWrites.filter((kind) => !exceptions.has(kind)))
    expect(unexplored(all)).toEqual([])
    expect(unexplored(new Set([...all, 'aws DeleteService']))).toEqual([
      'aws DeleteService is not known to the explorer',
    ])
    expect(unexplored(new Set([...all].filter((kind) => kind !== 'aws CreateService')))).toEqual([
      'aws CreateService occurs in no explored story',
    ])
    expect(unexplored(new Set([...all, exception]))).toEqual([`${exception} is an exception, and occurs`])
  })
})

describe('the stale explorer', () => {
  it('ends with the same world whatever earlier state is shown', async () => {
    const found = await exploreStaleness(stories, { observer: observerHere(), mostPoints: 2 })
    expect(found.violations).toEqual([])
    expect(found.rows.map(({ played }) => played)).toEqual([2, 2, 2, 2])
    expect(staleTable(found)).toContain('| first deploy | one read |')
  })

  it('notices an end that differs', async () => {
    const found = await exploreStaleness(stories, {
      observer: observerHere((simulation) => {
        if (simulation.story.happenings.some(({ kind }) => kind === 'stale at a read')) register(simulation)
      }),
      mostPoints: 1,
    })
    expect(found.violations.map(({ promise }) => promise)).toContain('I5')
  })
})

/** Where there is a crash, the first write to AWS is made twice. */
function writeTwice({ aws, story }: Simulation): void {
  let isOver = !story.happenings.some(({ kind }) => kind === 'crash at a write')
  aws.listen({
    afterCall({ who, writes, service, operation, input }) {
      if (isOver || !writes) return
      isOver = true
      aws.as(who).attempt({ service, operation, input })
    },
  })
}

function registerInSecondLife(simulation: Simulation): void {
  let isOver = false
  simulation.aws.listen({
    afterCall({ who }) {
      if (isOver || !who.endsWith('life 2')) return
      isOver = true
      register(simulation)
    },
  })
}

/** A revision that nobody asked for. */
function register({ aws }: Simulation): void {
  aws.byHand('ecs', 'RegisterTaskDefinition', {
    family: 'demo-web',
    containerDefinitions: [{ name: 'web', image: 'web:v0', memory: 128 }],
  })
}
