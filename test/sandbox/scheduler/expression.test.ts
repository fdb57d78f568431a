import { describe, expect, test } from 'vitest'
import { nextDue, readExpression } from '../../../controller/sandbox/scheduler/expression.ts'

const at = (text: string): number => Date.parse(text)
const next = (text: string, after: string, timeZone = 'UTC', anchor = after): string | undefined => {
  const expression = readExpression(text, timeZone)
  if (expression === undefined) return 'none'
  const due = nextDue(expression, { afterMs: at(after), anchorMs: at(anchor), timeZone })
  return due === undefined ? undefined : new Date(due).toISOString()
}

describe('a schedule’s expression', () => {
  test.each([
    ['rate(5 minutes)', '2026-01-01T00:00:00Z', '2026-01-01T00:05:00.000Z'],
    ['rate(1 day)', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00.000Z'],
    ['at(2026-01-01T03:04:05)', '2026-01-01T00:00:00Z', '2026-01-01T03:04:05.000Z'],
    ['at(2026-01-01T03:04:05)', '2026-01-01T03:04:05Z', undefined],
    ['cron(0 12 * * ? *)', '2026-01-01T12:00:00Z', '2026-01-02T12:00:00.000Z'],
    ['cron(*/15 * * * ? *)', '2026-01-01T12:01:00Z', '2026-01-01T12:15:00.000Z'],
    ['cron(50/5 8 * * ? *)', '2026-01-01T08:51:00Z', '2026-01-01T08:55:00.000Z'],
    ['cron(0 8 1 * ? *)', '2026-01-02T00:00:00Z', '2026-02-01T08:00:00.000Z'],
    ['cron(0 8 L * ? *)', '2026-02-01T00:00:00Z', '2026-02-28T08:00:00.000Z'],
    ['cron(0 18 ? * MON-FRI *)', '2026-01-02T18:00:00Z', '2026-01-05T18:00:00.000Z'],
    ['cron(0 10 ? * 6#3 *)', '2026-01-01T00:00:00Z', '2026-01-16T10:00:00.000Z'],
    ['cron(0 10 ? * 6L *)', '2026-01-01T00:00:00Z', '2026-01-30T10:00:00.000Z'],
    ['cron(0 10 ? * L *)', '2026-01-01T00:00:00Z', '2026-01-03T10:00:00.000Z'],
    ['cron(0 0 29 2 ? *)', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['cron(15 10 * JAN,MAR ? 2026-2027)', '2026-01-31T11:00:00Z', '2026-03-01T10:15:00.000Z'],
    ['cron(0 0 1 1 ? 2025)', '2026-01-01T00:00:00Z', undefined],
    ['cron(0 0 31 2 ? *)', '2026-01-01T00:00:00Z', undefined],
  ])('%s after %s is due at %s', (text, after, due) => {
    expect(next(text, after)).toBe(due)
  })

  test('a rate counts from where it began, whenever it is asked', () => {
    expect(next('rate(10 minutes)', '2026-01-01T00:12:00Z', 'UTC', '2026-01-01T00:01:00Z')).toBe(
      '2026-01-01T00:21:00.000Z',
    )
  })

  test('the clocks of its time zone count, also where they are put forward or back', () => {
    expect(next('cron(30 9 * * ? *)', '2026-03-28T12:00:00Z', 'Europe/Berlin')).toBe(
      '2026-03-29T07:30:00.000Z',
    )
    expect(next('cron(30 9 * * ? *)', '2026-03-27T12:00:00Z', 'Europe/Berlin')).toBe(
      '2026-03-28T08:30:00.000Z',
    )
    expect(next('at(2026-07-01T09:00:00)', '2026-03-27T12:00:00Z', 'America/New_York')).toBe(
      '2026-07-01T13:00:00.000Z',
    )
  })

  test.each([
    'rate(0 minutes)',
    'rate(1 minutes)',
    'rate(2 day)',
    'rate(5)',
    'at(tomorrow)',
    'at(2026-13-01T00:00:00)',
    'cron(0 12 * * * *)',
    'cron(0 12 ? * ? *)',
    'cron(0 12 * * ?)',
    'cron(60 12 * * ? *)',
    'cron(0 12 15W * ? *)',
    'cron(0 5-2 * * ? *)',
    'cron(0/0 5 * * ? *)',
    'cron(0 12 ? * XYZ *)',
    'every day',
  ])('%s is refused', (text) => {
    expect(readExpression(text, 'UTC')).toBeUndefined()
  })
})
