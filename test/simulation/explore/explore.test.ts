import { beforeAll, describe, expect, it } from 'vitest'

import type { Simulation } from '../run/simulation.ts'
import { exploreCrashes } from './crash.ts'
import { observe } from './observe.ts'
import { observerHere } from './observers.ts'
import { exceptions, knownWrites, unexplored } from './operations.ts'
import { crashTable, staleTable } from './report.ts'
import { exploreStaleness } from './stale.ts'
import { exploredStories } from './stories.ts'

const stories = exploredStories.slice(0, 1)

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

  it('ends with the same world whichever write to a Kubernetes cluster it crashes at', async () => {
    const inCluster = stories.map((explored) => ({
      ...explored,
      story: { ...explored.story, store: 'cluster' as const },
    }))
    const found = await exploreCrashes(inCluster, { observer: observerHere(), mostWrites: 5, mostPairs: 0 })
    expect(found.violations).toEqual([])
    expect(found.runs).toBe(1 + 2 * 5)
    expect(found.kinds).toContain('store PUT')
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
