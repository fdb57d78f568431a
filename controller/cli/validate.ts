import { formatIssue } from '../core/manifest/issue.ts'
import type { Checked } from './check-paths.ts'
import { formatOf, print } from './output.ts'
import type { Verb } from './verb.ts'
import { counted } from './words.ts'

interface Options {
  readonly environment?: string
  readonly output?: string
}

/** `steersman validate PATH…`: every issue of manifests and settings, offline. */
export const validateVerb: Verb = {
  name: 'validate',
  summary: 'check manifests and settings offline; every issue at once',
  examples: [
    'steersman validate deploy',
    'steersman validate deploy /etc/steersman --environment prod -o json',
  ],
  define(command, context, finish) {
    command
      .argument('<path...>', 'folders with releases/ and overlays/, and files or folders of Environments')
      .option(
        '--environment <name>',
        'with the overlays of this environment alone; left out, with all of them',
      )
      .option('-o, --output <format>', 'json')
      .action(async (paths: readonly string[], { environment, output }: Options) => {
        const format = formatOf(output, ['table', 'json'])
        // Schemas take their time to load: only a verb that needs them does.
        const { checkPaths } = await import('./check-paths.ts')
        const checked = await checkPaths(context, paths, environment)
        const { issues } = checked
        const value = { valid: issues.length === 0, ...checked }
        print(context.terminal, format, { value, text: () => report(checked) })
        if (issues.length > 0 && format === 'table')
          context.terminal.error(`error: ${counted(issues.length, 'issue')}; correct them before you push\n`)
        finish(issues.length === 0 ? 0 : 1)
      })
  },
}

function report({ releases, environments, issues }: Checked): string {
  if (issues.length > 0) return issues.map((issue) => `${formatIssue(issue)}\n`).join('')
  return `${counted(releases, 'release')} and ${counted(environments, 'environment')} are valid\n`
}
