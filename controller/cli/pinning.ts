import type { Pin } from '../resources/types.ts'
import { configPath } from './config-path.ts'
import type { CommandContext, PinResult } from './context.ts'
import { CommandError } from './errors.ts'
import { formatOf, print } from './output.ts'
import { releaseKeyOf, shortCommit } from './words.ts'

/** Options of the verbs that commit a pin. */
export interface PinOptions {
  readonly config?: string
  readonly output?: string
}

/** How a verb asks for a pull request instead of a commit of the branch. */
export interface PullRequestOptions {
  readonly pullRequest?: boolean
  readonly forge?: string
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
    readonly options: PinOptions & PullRequestOptions
  },
): Promise<void> {
  const format = formatOf(options.output, ['table', 'json'])
  if (options.forge !== undefined && options.pullRequest !== true)
    throw new CommandError('--forge is for a pull request', { remedy: 'add --pull-request, or leave it out' })
  const { environment, release } = releaseKeyOf(name)
  const message = pin === null ? subject : `${subject}\n\n${pin.reason}`
  const result = await context.starters.commitPin({
    config: configPath(options.config, context),
    environment,
    release,
    pin,
    message,
    ...(options.pullRequest === true ? { pullRequest: { forge: options.forge } } : {}),
  })
  print(context.terminal, format, { value: { ...result, pin }, text: () => textOf(name, result) })
}

function textOf(name: string, { branch, path, commit, pullRequest }: PinResult): string {
  if (commit === undefined) return `${name}: the branch ${branch} says so already, nothing was committed\n`
  if (pullRequest !== undefined)
    return `${name}: opened ${pullRequest} (branch ${branch}, ${path}); it counts once it is merged\n`
  return `${name}: committed ${shortCommit(commit)} to ${branch} (${path}); the controller follows with its next look\n`
}
