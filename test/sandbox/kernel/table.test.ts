import { expect, test } from 'vitest'
import { Table } from '../../../controller/sandbox/kernel/table.ts'
import { virtualClock } from '../support/virtual-clock.ts'

test('a view of the past shows rows as they stood, those not yet made left out and those deleted since kept', () => {
  const clock = virtualClock(0)
  const table = new Table<string>(clock)
  table.put('a', 'first')
  clock.advance(1000)
  table.put('a', 'second')
  table.put('b', 'new')
  clock.advance(1000)
  table.delete('a')
  expect(table.list()).toEqual(['new'])
  expect(table.asOf(1500).list()).toEqual(['second', 'new'])
  expect(table.asOf(500).list()).toEqual(['first'])
  expect(table.asOf(500).get('b')).toBeUndefined()
  expect(table.asOf(-1).list()).toEqual([])
})

test('versions older than 120 seconds are forgotten, the present never', () => {
  const clock = virtualClock(0)
  const table = new Table<number>(clock)
  for (let value = 0; value < 10; value += 1) {
    table.put('a', value)
    clock.advance(60_000)
  }
  expect(table.asOf(clock.now() - 120_000).get('a')).toBe(8)
  clock.advance(1_000_000)
  table.put('b', 1)
  expect(table.asOf(0).get('a')).toBe(9)
})

test('a dump loads into an equal table without a past', () => {
  const clock = virtualClock(0)
  const table = new Table<number>(clock)
  table.put('a', 1)
  table.put('b', 2)
  const copy = new Table<number>(clock)
  copy.load(table.dump())
  expect(copy.list()).toEqual([1, 2])
  expect(copy.asOf(-1).list()).toEqual([1, 2])
})

test('the version grows with each write and stays with each read', () => {
  const table = new Table<number>(virtualClock(0))
  const versions = [
    () => table.put('a', 1),
    () => table.get('a'),
    () => table.delete('a'),
    () => table.delete('a'),
  ].map((step) => {
    step()
    return table.version
  })
  expect(versions).toEqual([1, 1, 2, 2])
})
