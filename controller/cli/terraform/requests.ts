import type { Command } from 'commander'
import { importBlocks } from '../../core/infrastructure/import-blocks.ts'
import type { CommandContext } from '../context.ts'
import { formatOf, inLines, print, table } from '../output.ts'
import type { RemoteOptions } from '../verb.ts'
import { clientOf, remote } from '../verb.ts'

type Finish = (exitCode: number) => void

/** `steersman terraform approve ENVIRONMENT --plan ID`. */
export function approveCommand(command: Command, context: CommandContext, finish: Finish): void {
  remote(
    command
      .command('approve')
      .summary('approve the plan that waits')
      .description('Approve the plan that waits, by its id. It lapses when what would be done changes.')
      .argument('<environment>', 'name of the environment')
      .requiredOption('--plan <id>', 'as `steersman status` shows it')
      .addHelpText('after', '\nExample:\n  steersman terraform approve prod --plan sha256:4f2c…'),
  ).action(async (environment: string, options: RemoteOptions & { readonly plan: string }) => {
    const format = formatOf(options.output, ['table', 'json'])
    const value = await clientOf(context, options).approvePlan(environment, options.plan)
    print(context.terminal, format, {
      value,
      text: () => `the plan is approved; follow it with \`steersman status ${environment}\`\n`,
    })
    finish(0)
  })
}

/** `steersman terraform unlock ENVIRONMENT --id ID`. */
export function unlockCommand(command: Command, context: CommandContext, finish: Finish): void {
  remote(
    command
      .command('unlock')
      .summary('free the lock of the state')
      .description('Free the lock of the state, by its id, after the process that took it is gone.')
      .argument('<environment>', 'name of the environment')
      .requiredOption('--id <id>', 'as `steersman status` shows it')
      .addHelpText('after', '\nExample:\n  steersman terraform unlock prod --id 0f1e7a3c-…'),
  ).action(async (environment: string, options: RemoteOptions & { readonly id: string }) => {
    const format = formatOf(options.output, ['table', 'json'])
    const value = await clientOf(context, options).unlockState(environment, options.id)
    print(context.terminal, format, {
      value,
      text: () => `the lock is freed if it is still that one; see \`steersman status ${environment}\`\n`,
    })
    finish(0)
  })
}

/** `steersman terraform imports ENVIRONMENT`: on standard output nothing but HCL. */
export function importsCommand(command: Command, context: CommandContext, finish: Finish): void {
  remote(
    command
      .command('imports')
      .summary('print import blocks for what an interrupted apply left')
      .description(
        'Print import blocks for what exists and the state lacks, after an apply that was killed. Read them, paste them into the root, and push.',
      )
      .argument('<environment>', 'name of the environment')
      .addHelpText(
        'after',
        '\nExample:\n  steersman terraform imports prod > terraform/roots/app/imports.tf',
      ),
  ).action(async (environment: string, options: RemoteOptions) => {
    const format = formatOf(options.output, ['table', 'json'])
    const { status } = await clientOf(context, options).environment(environment)
    const value = inLines(status?.infrastructure?.plan?.leftovers ?? [])
    print(context.terminal, format, {
      value,
      text: () => (value.length === 0 ? '# nothing is left of an interrupted apply\n' : importBlocks(value)),
    })
    finish(0)
  })
}

/** `steersman terraform outputs ENVIRONMENT`. */
export function outputsCommand(command: Command, context: CommandContext, finish: Finish): void {
  remote(
    command
      .command('outputs')
      .summary('show the outputs that releases may use')
      .description('Show the outputs of the last apply. Sensitive ones are never read.')
      .argument('<environment>', 'name of the environment')
      .addHelpText('after', '\nExample:\n  steersman terraform outputs prod -o json'),
  ).action(async (environment: string, options: RemoteOptions) => {
    const format = formatOf(options.output, ['table', 'json'])
    const { status } = await clientOf(context, options).environment(environment)
    const value: Readonly<Record<string, unknown>> = status?.infrastructure?.outputs ?? {}
    const rows = Object.entries(value).map(([name, output]) => [
      name,
      typeof output === 'string' ? output : JSON.stringify(output),
    ])
    print(context.terminal, format, {
      value,
      text: () => (rows.length === 0 ? 'no outputs yet\n' : table(['OUTPUT', 'VALUE'], rows)),
    })
    finish(0)
  })
}
