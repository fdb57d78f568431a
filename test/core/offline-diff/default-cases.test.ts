import { describe, expect, it } from 'vitest'

import { defaultCases, defaultRows, pathsOf, withoutRow } from './default-cases.ts'

const cases = defaultCases()

describe('what AWS fills in', () => {
  it.each(cases.map((each) => [each.title, each.row, each] as const))('%s (%s)', (_, __, each) => {
    expect(pathsOf(each)).toEqual(each.paths)
  })
})

describe('every row of the tables', () => {
  it.each(defaultRows().map((row) => [row]))('%s has a case that fails without it', (row) => {
    const own = cases.filter((each) => each.row === row)
    expect(own.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['left out', 'spelled out']))
    const failing = own
      .filter(({ kind }) => kind !== 'changed')
      .filter((each) => pathsOf(each, withoutRow(each.part, row)).length > 0)
    expect(failing).not.toEqual([])
  })

  it('is one that a case is about', () => {
    const rows = new Set(defaultRows())
    expect(cases.filter(({ row }) => !rows.has(row)).map(({ row }) => row)).toEqual([])
  })
})
