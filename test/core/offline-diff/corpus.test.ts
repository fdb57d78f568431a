import { describe, expect, it } from 'vitest'

import { caseFiles, diffCase, readCases } from './corpus.ts'
import { corpusFigures } from './corpus-figures.ts'
import { defaultCases } from './default-cases.ts'

describe.each(caseFiles)('the drift corpus, %s', (name) => {
  it.each(readCases(name).map((driftCase) => [driftCase.title, driftCase] as const))('%s', (_, driftCase) => {
    const changes = diffCase(driftCase)
    expect(changes.map(({ path }) => path)).toEqual(driftCase.changes.map(({ path }) => path))
    expect(changes).toMatchObject(driftCase.changes)
  })
})

describe('the corpus as a whole', () => {
  const cases = caseFiles.flatMap(readCases)

  it('holds at least 150 cases beside those of the defaults, at least two of five without drift', () => {
    const quiet = cases.filter(({ changes }) => changes.length === 0)
    expect(cases.length).toBeGreaterThanOrEqual(150)
    expect(quiet.length / cases.length).toBeGreaterThan(0.4)
    expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length)
  })

  it('names a source for each case', () => {
    const known =
      /^((ecs|elb|autoscaling)\/API_\w+|[\w.-]+\/[\w.-]+#\d+|https:\/\/docs\.aws\.amazon\.com\/.+|docs\/guide\/.+\.md)$/
    const sources = [...cases, ...defaultCases()].map(({ source }) => source)
    expect(sources.filter((source) => !known.test(source))).toEqual([])
  })

  it('has no false positive and no false negative', () => {
    const figures = corpusFigures()
    expect(figures).toEqual({
      cases: cases.length + defaultCases().length,
      falsePositives: 0,
      falseNegatives: 0,
    })
  })
})
