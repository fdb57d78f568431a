import type { Verb } from './verb.ts'
import { CommandError } from './errors.ts'

interface Options {
  readonly config?: string
  readonly listen?: string
  readonly logLevel?: string
}

/** `steersman run`: the controller, until SIGTERM. */
export const runVerb: Verb = {
  name: 'run',
  summary: 'run the controller until SIGTERM',
  examples: [
    'steersman run --config /etc/steersman',
    'steersman run --config config.yaml --listen 127.0.0.1:9000',
  ],
  define(command, { starters, terminal, variables }, finish) {
    command
      .option('--config <path>', 'a config file or a directory of them (STEERSMAN_CONFIG)')
      .option('--listen <address>', 'HOST:PORT of the API and the dashboard, before what the file says')
      .option('--log-level <level>', 'error, warn, info or debug (STEERSMAN_LOG_LEVEL)')
      .action(async ({ config, listen, logLevel }: Options) => {
        const path = config ?? variables['STEERSMAN_CONFIG']
        if (path === undefined || path === '')
          throw new CommandError('no configuration was named', {
            why: 'the controller needs its environments',
            remedy: 'give --config PATH or set STEERSMAN_CONFIG',
          })
        finish(await starters.run({ config: path, listen, logLevel }, terminal))
      })
  },
}
