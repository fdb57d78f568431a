import { formatOf } from './output.ts'
import type { Verb } from './verb.ts'
import { CommandError } from './errors.ts'

interface Options {
  readonly port: string
  readonly state?: string
  readonly speed?: string
  readonly strict?: boolean
  readonly output?: string
}

/** `steersman sandbox`: the sandbox AWS alone. */
export const sandboxVerb: Verb = {
  name: 'sandbox',
  summary: 'run the sandbox AWS alone',
  examples: ['steersman sandbox', 'steersman sandbox --port 4567 --state world.json --speed 10'],
  define(command, { starters, terminal }, finish) {
    command
      .option('--port <number>', 'port on 127.0.0.1; 0 for any', '4566')
      .option('--state <file>', 'where the world is kept between runs')
      .option('--speed <number>', 'divides AWS’s own waits')
      .option('--strict', 'subnets, security groups, VPCs and roles must be made first')
      .option('-o, --output <format>', 'json')
      .action(async ({ port, state, speed, strict, output }: Options) => {
        const format = formatOf(output, ['table', 'json'])
        const request = {
          port: numberOf('--port', port, /^[0-9]{1,5}$/, 65_535),
          stateFile: state,
          speed: speed === undefined ? undefined : numberOf('--speed', speed, /^[0-9]+(\.[0-9]+)?$/, 10_000),
          strict: strict ?? false,
        }
        const onListening = (url: string): void =>
          terminal.out(format === 'json' ? `${JSON.stringify(listening(url))}\n` : howToUse(url))
        finish(await starters.sandbox({ ...request, onListening }))
      })
  },
}

function numberOf(option: string, text: string, form: RegExp, maximum: number): number {
  if (form.test(text) && Number(text) <= maximum) return Number(text)
  throw new CommandError(`${option} is ${JSON.stringify(text)}`, {
    remedy: `give a number up to ${maximum}`,
  })
}

function listening(url: string): {
  readonly url: string
  readonly variables: Readonly<Record<string, string>>
} {
  return {
    url,
    variables: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'sandbox',
      AWS_SECRET_ACCESS_KEY: 'sandbox',
      AWS_REGION: 'eu-west-1',
      STEERSMAN_LISTENERS_URL: `${url}/_sandbox/listeners`,
    },
  }
}

function howToUse(url: string): string {
  const exports = Object.entries(listening(url).variables).map(([name, value]) => `export ${name}=${value}`)
  return `the sandbox listens at ${url}; clients and the controller find it by\n\n${exports.join('\n')}\n`
}
