import { Writable } from 'node:stream'
import winston from 'winston'
import type { Clock } from '../../ports/clock.ts'
import type { Redactor } from './redactor.ts'

export const logLevels = ['error', 'warn', 'info', 'debug'] as const

export type LogLevel = (typeof logLevels)[number]

export type LogFields = Readonly<Record<string, unknown>>

/** Writes one line for each call; never throws. */
export type Log = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>

export interface LogOptions {
  readonly level: LogLevel
  readonly format: 'json' | 'text'
  readonly clock: Pick<Clock, 'now'>
  readonly redactor: Redactor
  /** Standard error unless a test wants to look: standard output belongs to the answer of a command. */
  readonly write?: (line: string) => void
}

/** Lines for machines (JSON) or people (text), each with RFC 3339 time; nothing is written before it went through the redactor. */
export function createLog({ level, format, clock, redactor, write = writeToStandardError }: LogOptions): Log {
  const logger = winston.createLogger({
    level,
    levels: { error: 0, warn: 1, info: 2, debug: 3 },
    exitOnError: false,
    format: winston.format.printf((entry) => String(entry['line'])),
    transports: [new winston.transports.Stream({ stream: lineStream(write), eol: '' })],
  })
  const toLine = format === 'json' ? jsonLine : textLine

  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }

  function at(entryLevel: LogLevel): Log[LogLevel] {
    return (message, fields = {}) => {
      if (!logger.isLevelEnabled(entryLevel)) return
      const time = new Date(clock.now()).toISOString()
      const entry = { time, level: entryLevel, message: redactor.text(message) }
      logger.log({ level: entryLevel, message: '', line: toLine(entry, membersOf(redactor.value(fields))) })
    }
  }
}

interface Entry {
  readonly time: string
  readonly level: LogLevel
  readonly message: string
}

/** A field never takes the place of the entry's own members. */
function jsonLine(entry: Entry, fields: LogFields): string {
  return `${JSON.stringify({ ...entry, ...fields, ...entry })}\n`
}

/** One line whatever the values hold: a line break in a message must not look like another entry. */
function textLine({ time, level, message }: Entry, fields: LogFields): string {
  const pairs = Object.entries(fields).map(([key, value]) => ` ${oneLine(key)}=${textValue(value)}`)
  return `${time} ${level.toUpperCase().padEnd(5)} ${oneLine(message)}${pairs.join('')}\n`
}

function textValue(value: unknown): string {
  if (typeof value === 'string' && /^[\w.:/@+-]+$/.test(value)) return value
  return oneLine(JSON.stringify(value) ?? 'undefined')
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, (character) =>
    JSON.stringify(character)
      .slice(1, -1)
      .replace(/^[^\\]$/, '?'),
  )
}

function membersOf(value: unknown): LogFields {
  return typeof value === 'object' && value !== null ? (value as LogFields) : {}
}

function lineStream(write: (line: string) => void): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: unknown, _encoding, done) {
      try {
        write(String(chunk))
      } catch {
        // A log that can't be written must not stop what it tells about.
      }
      done()
    },
  })
}

function writeToStandardError(line: string): void {
  process.stderr.write(line)
}
