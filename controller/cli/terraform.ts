import type { Command } from 'commander'
import type { TerraformEvent } from '../ports/terraform.ts'
import { configPath } from './config-path.ts'
import type { CommandContext } from './context.ts'
import { printable } from './errors.ts'
import { formatOf, print } from './output.ts'
import { plannedText } from './terraform/planned-text.ts'
import { approveCommand, importsCommand, outputsCommand, unlockCommand } from './terraform/requests.ts'
import { planRequest } from './terraform/plan-request.ts'
import type { PlanOptions } from './terraform/plan-request.ts'
import type { Verb } from './verb.ts'
import { configured } from './verb.ts'

const EXAMPLES = [
  'steersman terraform plan prod --config /etc/steersman --ref my-feature',
  'steersman terraform plan --ref main --root terraform/roots/app --var-file env/prod.tfvars',
  'steersman terraform plan --ref main --root terraform/roots/app --workspace prod --backend-config key=app.tfstate -o json',
]

/** `steersman terraform …`: what a root would do and what Steersman would make of the plan, and what people decide of it. */
export const terraformVerb: Verb = {
  name: 'terraform',
  summary: 'plan a root and judge the plan; approve, unlock, show outputs and imports',
  examples: EXAMPLES,
  define(command, context, finish) {
    planCommand(command).action(async (environment: string | undefined, options: PlanOptions) =>
      finish(await plan(context, environment, options)),
    )
    approveCommand(command, context, finish)
    unlockCommand(command, context, finish)
    outputsCommand(command, context, finish)
    importsCommand(command, context, finish)
  },
}

function planCommand(command: Command): Command {
  const several = (value: string, before: readonly string[]): string[] => [...before, value]
  return configured(command.command('plan'))
    .summary('plan and judge; writes nothing. Exit code 0 nothing, 2 changes, 1 error or refused')
    .description(
      'Plan a root as the head of a branch has it, and judge the plan. Writes nothing. With the name of an environment, as that says; all of the options below --ref are for a root by itself.',
    )
    .argument('[environment]', 'whose root is planned, with its settings, its images and its role')
    .option('--ref <branch>', 'whose head is planned; of an environment, else its own branch')
    .option('--root <folder>', 'the root, from the top of the repository')
    .option('--repository <path>', 'a clone', '.')
    .option('--workspace <name>', 'workspace', 'default')
    .option('--var-file <file>', 'relative to the root; several', several, [])
    .option('--backend-config <setting>', 'key=value for the backend; several', several, [])
    .option('--environment <name>', 'given as variable environment, where the root declares it')
    .option('--image <image>', 'release=repository@sha256:… for variable images; several', several, [])
    .option('--account <id>', 'the account in which alone something may be')
    .option('--own-role <arn>', 'a role of Steersman, which no plan may change; several', several, [])
    .option(
      '--protect <type>',
      'resource type that is never destroyed without approval; several',
      several,
      [],
    )
    .option('--apply <policy>', 'Never, Safe or Always', 'Safe')
    .option('--backend <type>', 'type of backend that is allowed', 's3')
    .option('--provider <source>', 'provider that is allowed beside hashicorp/aws; several', several, [])
    .option('--module <glob>', 'source of modules that is allowed beside folders; several', several, [])
    .option('--binary <name>', 'terraform or tofu', 'terraform')
    .option('-o, --output <format>', 'json')
    .addHelpText('after', `\nExample:\n${EXAMPLES.map((line) => `  ${line}`).join('\n')}`)
}

async function plan(
  context: CommandContext,
  environment: string | undefined,
  options: PlanOptions,
): Promise<number> {
  const { terminal, starters, signal } = context
  const format = formatOf(options.output, ['table', 'json'])
  const onEvent = (event: TerraformEvent): void => {
    if (event.type === 'Warning') terminal.error(`warning: ${printable(event.message)}\n`)
  }
  const planned =
    environment === undefined
      ? await starters.planRoot({ ...planRequest(options), signal, onEvent })
      : await starters.planEnvironment({
          config: configPath(options.config, context),
          environment,
          branch: options.ref,
          signal,
          onEvent,
        })
  print(terminal, format, { value: planned, text: () => plannedText(planned) })
  if (planned.result === 'Unchanged') return 0
  if (planned.result !== 'Planned' || planned.permission === 'Refuse') return 1
  return planned.permission === 'Nothing' ? 0 : 2
}
