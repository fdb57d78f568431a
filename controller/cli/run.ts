import { configPath } from './config-path.ts'
import type { Verb } from './verb.ts'
import { configured } from './verb.ts'

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
  define(command, context, finish) {
    configured(command)
      .option('--listen <address>', 'HOST:PORT of the API and the dashboard, before what the file says')
      .option('--log-level <level>', 'error, warn, info or debug (STEERSMAN_LOG_LEVEL)')
      .action(async ({ config, listen, logLevel }: Options) => {
        finish(await context.starters.run({ config: configPath(config, context), listen, logLevel }))
      })
  },
}
