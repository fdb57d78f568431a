import { Command, CommanderError } from 'commander'
import type { CommandContext } from './context.ts'
import { CommandError, errorLines } from './errors.ts'
import { abortVerb, approveVerb, rejectVerb } from './decisions.ts'
import { crdsVerb } from './crds.ts'
import { adoptVerb } from './adopt.ts'
import { demoVerb } from './demo.ts'
import { diffVerb } from './diff.ts'
import { driftVerb } from './drift.ts'
import { getVerb } from './get.ts'
import { historyVerb } from './history.ts'
import { overrideFreezeVerb } from './override-freeze.ts'
import { pauseVerb } from './pause.ts'
import { pinVerb } from './pin.ts'
import { reconcileVerb } from './reconcile.ts'
import { renderVerb } from './render.ts'
import { restartVerb } from './restart.ts'
import { resumeVerb } from './resume.ts'
import { retryVerb } from './retry.ts'
import { rollbackVerb } from './rollback.ts'
import { runVerb } from './run.ts'
import { sandboxVerb } from './sandbox.ts'
import { statusVerb } from './status.ts'
import { terraformVerb } from './terraform.ts'
import { unpinVerb } from './unpin.ts'
import { validateVerb } from './validate.ts'
import { versionVerb } from './version.ts'
import type { Verb } from './verb.ts'

/** Every verb, in the order of the help. */
const VERBS: readonly Verb[] = [
  demoVerb,
  runVerb,
  sandboxVerb,
  validateVerb,
  renderVerb,
  diffVerb,
  driftVerb,
  getVerb,
  statusVerb,
  historyVerb,
  pinVerb,
  unpinVerb,
  rollbackVerb,
  approveVerb,
  rejectVerb,
  abortVerb,
  retryVerb,
  pauseVerb,
  resumeVerb,
  overrideFreezeVerb,
  reconcileVerb,
  restartVerb,
  terraformVerb,
  adoptVerb,
  crdsVerb,
  versionVerb,
]

/** Carries out one command line and resolves to its exit code; nothing is thrown. */
export async function runProgram(args: readonly string[], context: CommandContext): Promise<number> {
  let exitCode = 0
  const program = new Command('steersman')
    .description('GitOps for Amazon ECS: merge to the branch, and the verified version takes the traffic.')
    .version(`steersman ${context.starters.version}`, '-V, --version', 'print the version')
    .helpCommand(false)
    .addHelpText('after', '\nsteersman VERB --help shows a verb’s options and an example.')
  for (const verb of VERBS) {
    const command = program.command(verb.name).summary(verb.summary).description(verb.summary)
    verb.define(command, context, (code) => {
      exitCode = code
    })
    command.addHelpText('after', `\nExample:\n${verb.examples.map((line) => `  ${line}`).join('\n')}`)
  }
  quiet(program, context)
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    return tell(error, context)
  }
}

/** Commander writes help to where we want it and throws the rest. */
function quiet(program: Command, { terminal }: CommandContext): void {
  for (const command of withSubcommands(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => (text.startsWith('Usage:') ? terminal.error(text) : undefined),
      outputError: () => undefined,
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
      getOutHasColors: () => terminal.hasColor,
      getErrHasColors: () => terminal.hasColor,
    })
  }
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}

function tell(error: unknown, { terminal }: CommandContext): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0
    if (error.code === 'commander.help') return 1
  }
  const told = error instanceof CommanderError ? usageError(error) : error
  for (const line of errorLines(told)) terminal.error(`${line}\n`)
  return 1
}

/** Commander puts its suggestion on a second line: `(Did you mean status?)`. */
function usageError({ message }: CommanderError): CommandError {
  const [first = '', suggestion] = message.replace(/^error: /, '').split('\n')
  const nearest = /\(Did you mean (?:one of )?(.+)\?\)/.exec(suggestion ?? '')?.[1]
  return new CommandError(first.replace(/\.$/, ''), {
    ...(nearest === undefined ? {} : { why: `did you mean ${nearest}?` }),
    remedy: 'see steersman --help',
  })
}
