import { describe, expect, it } from 'vitest'

import { diffCase, readCases } from './corpus.ts'

describe.each(['service', 'task-definition', 'traffic'])('the drift corpus, %s', (name) => {
  it.each(readCases(name).map((driftCase) => [driftCase.title, driftCase] as const))('%s', (_, driftCase) => {
    const changes = diffCase(driftCase)
    expect(changes.map(({ path }) => path)).toEqual(driftCase.changes.map(({ path }) => path))
    expect(changes).toMatchObject(driftCase.changes)
  })
})

it('holds at least forty cases, half of them without drift', () => {
  const cases = ['service', 'task-definition', 'traffic'].flatMap(readCases)
  const quiet = cases.filter(({ changes }) => changes.length === 0)
  expect(cases.length).toBeGreaterThanOrEqual(40)
  expect(quiet.length / cases.length).toBeGreaterThan(0.4)
})
