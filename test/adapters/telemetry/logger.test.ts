import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { combine } from '../../../controller/adapters/telemetry/combine.ts'
import { logEvents } from '../../../controller/adapters/telemetry/log-events.ts'
import type { Log, LogLevel } from '../../../controller/adapters/telemetry/logger.ts'
import { createLog } from '../../../controller/adapters/telemetry/logger.ts'
import { createRedactor } from '../../../controller/adapters/telemetry/redactor.ts'
import type { SteersmanEvent } from '../../../controller/core/event.ts'
import { FakeClock } from '../../support/fake-clock.ts'

function logInto(lines: string[], format: 'json' | 'text', level: LogLevel = 'info'): Log {
  const redactor = createRedactor()
  redactor.register('hunter2hunter2')
  return createLog({ level, format, clock: new FakeClock(), redactor, write: (line) => lines.push(line) })
}

describe('a log line', () => {
  it('is one JSON object with time, level, message and fields', () => {
    const lines: string[] = []
    logInto(lines, 'json').warn('disk is slow', { waitMs: 12, path: { name: 'a' } })
    expect(lines).toEqual([
      '{"time":"2026-01-01T00:00:00.000Z","level":"warn","message":"disk is slow","waitMs":12,"path":{"name":"a"}}\n',
    ])
  })

  it('is readable as text', () => {
    const lines: string[] = []
    logInto(lines, 'text').info('rollout started', { rollout: 'prod-web-1', note: 'two words', step: 1 })
    expect(lines).toEqual([
      '2026-01-01T00:00:00.000Z INFO  rollout started rollout=prod-web-1 note="two words" step=1\n',
    ])
  })

  it.each(['json', 'text'] as const)('stays one line as %s, whatever it holds', (format) => {
    const lines: string[] = []
    logInto(lines, format).info('a\nforged\r\u2028line\u001b[31m', { 'k\n': 'v\n\u0085w' })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(format === 'json' ? /^[^\n\r\u001b]*\n$/ : /^\P{Cc}*\n$/u)
  })

  it('lets no field take the place of its own members', () => {
    const lines: string[] = []
    logInto(lines, 'json').info('true message', { level: 'error', time: 'never', message: 'false' })
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: '2026-01-01T00:00:00.000Z',
      level: 'info',
      message: 'true message',
    })
  })

  it.each(['json', 'text'] as const)('holds no secret as %s', (format) => {
    const lines: string[] = []
    const error = new Error('refused hunter2hunter2', { cause: new Error('https://u:hunter2hunter2@host/') })
    logInto(lines, format).error('hunter2hunter2', { error, hunter2hunter2: { password: 'other' } })
    expect(lines.join('')).not.toMatch(/hunter2|other/)
    expect(lines.join('')).toContain('[redacted]')
  })

  it.each([
    ['error', 1],
    ['warn', 2],
    ['info', 3],
    ['debug', 4],
  ] as const)('is written at level %s or louder', (level, count) => {
    const lines: string[] = []
    const log = logInto(lines, 'text', level)
    for (const each of ['error', 'warn', 'info', 'debug'] as const) log[each]('x')
    expect(lines).toHaveLength(count)
  })

  it('that cannot be written stops nothing', () => {
    const log = createLog({
      level: 'info',
      format: 'json',
      clock: new FakeClock(),
      redactor: createRedactor(),
      write: () => {
        throw new Error('EPIPE')
      },
    })
    expect(() => log.info('one')).not.toThrow()
    expect(() => log.info('two')).not.toThrow()
  })

  it('goes to standard error, never to standard output', () => {
    const program = `
      import { createLog } from ${JSON.stringify(moduleUrl('logger.ts'))}
      import { createRedactor } from ${JSON.stringify(moduleUrl('redactor.ts'))}
      createLog({ level: 'info', format: 'text', clock: Date, redactor: createRedactor() }).info('hello')`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      timeout: 15_000,
    })
    expect(stdout).toBe('')
    expect(stderr).toContain(' INFO  hello\n')
  })
})

function moduleUrl(name: string): string {
  return fileURLToPath(new URL(`../../../controller/adapters/telemetry/${name}`, import.meta.url))
}

const rollout = { environment: 'prod', release: 'web', rollout: 'prod-web-1' }
const tagMoved: SteersmanEvent = {
  type: 'TagMoved',
  environment: 'prod',
  tag: 'deploy/prod/current',
  commit: 'c0ffee',
  number: 4,
}

describe('events', () => {
  it.each<[SteersmanEvent, string]>([
    [
      { type: 'DecisionAwaited', ...rollout, gate: 'sign-off', until: 'then', message: 'approve it' },
      'WARN  rollout prod-web-1 waits for a person: approve it event=DecisionAwaited environment=prod release=web rollout=prod-web-1 gate=sign-off until=then',
    ],
    [
      { type: 'GateDecided', ...rollout, gate: 'sign-off', verdict: 'Approved', by: 'bob' },
      'INFO  gate sign-off of rollout prod-web-1: Approved by bob event=GateDecided environment=prod release=web rollout=prod-web-1 gate=sign-off verdict=Approved by=bob',
    ],
    [
      { type: 'PhaseEntered', ...rollout, phase: 'Baking', message: 'for 5m' },
      'INFO  rollout prod-web-1 is Baking: for 5m event=PhaseEntered environment=prod release=web rollout=prod-web-1 phase=Baking',
    ],
    [
      { type: 'ActionFailed', ...rollout, action: 'SetWeights', code: 'AccessDenied', message: 'no' },
      'WARN  SetWeights failed with AccessDenied: no event=ActionFailed environment=prod release=web rollout=prod-web-1 action=SetWeights code=AccessDenied',
    ],
    [
      tagMoved,
      'INFO  tag deploy/prod/current moved to c0ffee event=TagMoved environment=prod tag=deploy/prod/current commit=c0ffee number=4',
    ],
  ])('become lines: %j', (event, expected) => {
    const lines: string[] = []
    logEvents(logInto(lines, 'text')).emit(event)
    expect(lines).toEqual([`2026-01-01T00:00:00.000Z ${expected}\n`])
  })

  it('that come with every look at the world are left to the metrics', () => {
    const lines: string[] = []
    logEvents(logInto(lines, 'text', 'debug')).emit({ type: 'QueueSeen', depth: 1, longestRunningSeconds: 0 })
    expect(lines).toEqual([])
  })

  it('reach every sink, also after one that throws, which is reported once', () => {
    const told: string[] = []
    const errors: unknown[] = []
    const failure = new Error('broken sink')
    const broken = {
      emit: () => {
        throw failure
      },
    }
    const combined = combine([broken, { emit: ({ type }) => told.push(type) }], (error) => {
      errors.push(error)
      throw new Error('broken report')
    })
    combined.emit(tagMoved)
    combined.emit(tagMoved)
    expect(told).toEqual(['TagMoved', 'TagMoved'])
    expect(errors).toEqual([failure])
  })
})
