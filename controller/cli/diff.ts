import type { Change } from '../core/diff.ts'
import { configPath } from './config-path.ts'
import type { CommandContext, Preview, PreviewedRelease } from './context.ts'
import { CommandError, printable } from './errors.ts'
import { formatOf, print, table } from './output.ts'
import { plannedText } from './terraform/planned-text.ts'
import type { Verb } from './verb.ts'
import { configured } from './verb.ts'

interface Options {
  readonly release?: string
  readonly live?: string
  readonly environment?: string
  readonly commit?: string
  readonly config?: string
  readonly ref?: string
  /** False by --no-terraform. */
  readonly terraform: boolean
  readonly output?: string
}

/** `steersman diff`: what would change. Exit code 0 nothing, 2 something, 1 an error. */
export const diffVerb: Verb = {
  name: 'diff',
  summary: 'show what would change; writes nothing. Exit code 0 nothing, 2 differences, 1 error',
  examples: [
    'steersman diff prod/web --config /etc/steersman',
    'steersman diff prod --config /etc/steersman --ref my-feature',
    'steersman diff --release deploy/releases/web.yaml --live live.json --environment prod.yaml',
  ],
  define(command, context, finish) {
    configured(
      command.argument('[environment/release]', 'against live AWS: all, one environment, or one release'),
    )
      .option('--ref <branch>', 'as if the head of this branch were merged')
      .option('--no-terraform', 'start no Terraform, whatever the commit gives it')
      .option('--release <file>', 'offline: a Release; overlays and task definition are found beside it')
      .option('--live <file>', 'offline: a saved live state as JSON')
      .option('--environment <file>', 'offline: the Environment')
      .option('--commit <id>', 'offline: the commit that is wanted')
      .option('-o, --output <format>', 'json')
      .action(async (target: string | undefined, options: Options) => {
        finish(
          isOffline(options)
            ? await offline(context, target, options)
            : await online(context, target, options),
        )
      })
  },
}

const isOffline = ({ release, live, environment, commit }: Options): boolean =>
  [release, live, environment, commit].some((given) => given !== undefined)

async function offline(
  { terminal, starters }: CommandContext,
  target: string | undefined,
  { release, live, environment, commit, output }: Options,
): Promise<number> {
  const format = formatOf(output, ['table', 'json'])
  if (release === undefined || live === undefined || target !== undefined)
    throw new CommandError('an offline diff compares two files', {
      remedy: 'give --release FILE and --live FILE, and no name',
    })
  const { offlineChanges } = await import('./offline.ts')
  const { changes, issues } = await offlineChanges(starters, { release, live, environment, commit })
  for (const issue of issues) terminal.error(`warning: ${printable(issue)}\n`)
  print(terminal, format, { value: changes, text: () => changesText(changes) })
  return changes.length === 0 ? 0 : 2
}

async function online(
  context: CommandContext,
  target: string | undefined,
  { config, ref, terraform, output }: Options,
): Promise<number> {
  const format = formatOf(output, ['table', 'json'])
  const [environment, release, ...rest] = target?.split('/') ?? []
  if (rest.length > 0 || environment === '' || release === '')
    throw new CommandError(`${JSON.stringify(target)} names no release`, {
      remedy: 'give ENVIRONMENT or ENVIRONMENT/RELEASE, as prod/web',
    })
  const previews = await context.starters.diffLive({
    config: configPath(config, context),
    environment,
    release,
    branch: ref,
    plans: terraform,
    signal: context.signal,
  })
  print(context.terminal, format, { value: previews, text: () => previews.map(previewText).join('\n') })
  return previews.some(isSomething) ? 2 : 0
}

function isSomething(preview: Preview): boolean {
  if ('release' in preview) return preview.changes.length + preview.actions.length > 0
  const { infrastructure } = preview
  return infrastructure.result === 'Planned' && infrastructure.permission !== 'Nothing'
}

function previewText(preview: Preview): string {
  return 'release' in preview
    ? releaseText(preview)
    : `${preview.environment}: infrastructure\n${indented(plannedText(preview.infrastructure))}`
}

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ')

function releaseText({ environment, release, changes, actions, blocked, order }: PreviewedRelease): string {
  const title = `${environment}/${release}`
  const halted = blocked === undefined ? '' : `  waits: ${printable(blocked)}\n`
  if (changes.length + actions.length === 0) return `${title}: nothing to do\n${halted}`
  const others = order.map((said) => `  ${printable(said)}\n`).join('')
  const steps = actions.map((action, index) => `  ${index + 1}. ${printable(action)}\n`).join('')
  const differences = changes.length === 0 ? '' : changesText(changes)
  return `${title}\n${differences}${steps === '' ? '' : `what would be done:\n${others}${steps}`}${halted}`
}

function changesText(changes: readonly Change[]): string {
  if (changes.length === 0) return 'no differences\n'
  return table(
    ['PATH', 'WANTED', 'LIVE', 'OWNER', 'CLASS'],
    changes.map((change) => [
      change.path,
      valueText(change.wanted),
      valueText(change.live),
      change.owner,
      change.class,
    ]),
  )
}

const LONGEST_VALUE = 60

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text
}
