import { CommandError } from './errors.ts'
import { formatOf } from './output.ts'
import type { Verb } from './verb.ts'

interface Options {
  readonly once?: boolean
  readonly port?: string
  readonly terraform?: boolean
  readonly output?: string
}

/** `steersman demo`: everything on one machine. */
export const demoVerb: Verb = {
  name: 'demo',
  summary: 'show a deploy, a bad version refused, a drift and a rollback, on this machine alone',
  examples: ['steersman demo', 'steersman demo --once -o json', 'steersman demo --once --terraform'],
  define(command, { starters }, finish) {
    command
      .option('--once', 'play it to the end, print a summary and exit')
      .option('--port <number>', 'port of the dashboard')
      .option(
        '--terraform',
        'let Terraform make the infrastructure, where it finds the AWS provider; so without --once',
      )
      .option('--no-terraform', 'go without Terraform')
      .option('-o, --output <format>', 'json')
      .action(async ({ once, port, terraform, output }: Options) => {
        const json = formatOf(output, ['table', 'json']) === 'json'
        if (port !== undefined && !(/^[0-9]{1,5}$/.test(port) && Number(port) <= 65_535))
          throw new CommandError(`--port is ${JSON.stringify(port)}`, { remedy: 'give a number up to 65535' })
        finish(
          await starters.demo({
            once: once ?? false,
            port: port === undefined ? undefined : Number(port),
            terraform,
            json,
          }),
        )
      })
  },
}
