import { combine } from '../adapters/telemetry/combine.ts'
import { createHistory } from '../adapters/telemetry/history.ts'
import { logEvents } from '../adapters/telemetry/log-events.ts'
import type { Log } from '../adapters/telemetry/logger.ts'
import { createLog } from '../adapters/telemetry/logger.ts'
import type { Metrics } from '../adapters/telemetry/metrics.ts'
import { createMetrics } from '../adapters/telemetry/metrics.ts'
import type { Redactor } from '../adapters/telemetry/redactor.ts'
import { createRedactor } from '../adapters/telemetry/redactor.ts'
import type { Config } from '../config.ts'
import type { Clock } from '../ports/clock.ts'
import type { FileSystem } from '../ports/file-system.ts'
import type { Telemetry } from '../ports/telemetry.ts'

/** Everything that tells what happens, behind one port. */
export interface Telling {
  readonly telemetry: Telemetry
  readonly metrics: Metrics
  readonly log: Log
  readonly redactor: Redactor
  /** From now on another sink hears every event too. */
  hear(sink: Telemetry): void
  /** Resolves when the history is on the disk. */
  flush(): Promise<void>
}

/** Makes log, metrics and history; `also` hears every event too. */
export function createTelling({
  config,
  build,
  clock,
  fileSystem,
  also,
}: {
  readonly config: Pick<Config, 'log' | 'dataDir'>
  readonly build: { readonly version: string; readonly commit: string }
  readonly clock: Clock
  readonly fileSystem: FileSystem
  readonly also: readonly Telemetry[]
}): Telling {
  const redactor = createRedactor()
  const format = config.log.format ?? (process.stderr.isTTY ? 'text' : 'json')
  const log = createLog({ level: config.log.level, format, clock, redactor })
  const metrics = createMetrics({ ...build, redactor })
  const history = createHistory({
    directory: `${config.dataDir}/history`,
    fileSystem,
    clock,
    redactor,
    onError: (error) => log.error('an entry of the history could not be written', { error }),
  })
  const sinks = [logEvents(log), metrics.telemetry, history.telemetry, ...also]
  const telemetry = combine(sinks, (error) => log.error('a telemetry sink failed', { error }))
  const hear = (sink: Telemetry): void => void sinks.push(sink)
  return { telemetry, metrics, log, redactor, hear, flush: () => history.flush() }
}
