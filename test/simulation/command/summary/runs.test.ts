import { expect, it } from 'vitest'
import { fakePlayed, fakeRun } from './fake-run.ts'
import { runsTable } from './runs.ts'

const run = fakeRun([fakePlayed(), fakePlayed({ seed: 2 })])

it('puts a run below those that stood on the page, and adds them up', () => {
  const first = runsTable('', run)
  expect(first.split('\n').slice(2)).toEqual([
    '| `0123abc` |          1 |     2 |        6 |       4 |           0.3 |     0.2 |          0 |',
    '| all       |            |     2 |        6 |       4 |           0.3 |     0.2 |          0 |',
  ])
  const second = runsTable(`words\n\n${first}\n\nmore`, { ...run, commit: 'fedcba9+', from: 3 })
  expect(second.split('\n').slice(2)).toEqual([
    '| `0123abc`  |          1 |     2 |        6 |       4 |           0.3 |     0.2 |          0 |',
    '| `fedcba9+` |          3 |     2 |        6 |       4 |           0.3 |     0.2 |          0 |',
    '| all        |            |     4 |       12 |       8 |           0.6 |     0.4 |          0 |',
  ])
})
