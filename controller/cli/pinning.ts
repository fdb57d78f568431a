import type { Pin } from '../resources/types.ts'
import { configPath } from './config-path.ts'
import type { CommandContext, PinResult } from './context.ts'
import { formatOf, print } from './output.ts'
import { releaseKeyOf, shortCommit } from './words.ts'

/** Options of the verbs that commit a pin. */
export interface PinOptions {
  readonly config?: string
  readonly output?: string
}

/** Commits a pin (or its removal) to the environment's branch and tells which commit it was. */
export async function commitPin(
  context: CommandContext,
  {
    release: name,
    pin,
    subject,
    options,
  }: {
    readonly release: string
    readonly pin: Pin
    readonly subject: string
    readonly options: PinOptions
  },
): Promise<void> {
  const format = formatOf(options.output, ['table', 'json'])
  const { environment, release } = releaseKeyOf(name)
  const message = pin === null ? subject : `${subject}\n\n${pin.reason}`
  const result = await context.starters.commitPin({
    config: configPath(options.config, context),
    environment,
    release,
    pin,
    message,
  })
  print(context.terminal, format, { value: { ...result, pin }, text: () => textOf(name, result) })
}

function textOf(name: string, { branch, path, commit }: PinResult): string {
  if (commit === undefined) return `${name}: the branch ${branch} says so already, nothing was committed\n`
  return `${name}: committed ${shortCommit(commit)} to ${branch} (${path}); the controller follows with its next look\n`
}
