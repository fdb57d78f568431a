import type { Verb } from './verb.ts'

/** `steersman version`. */
export const versionVerb: Verb = {
  name: 'version',
  summary: 'print the version',
  examples: ['steersman version', 'steersman version -o json'],
  define(command, { starters, terminal }, finish) {
    command
      .option('-o, --output <format>', 'text or json', 'text')
      .action(({ output }: { output: string }) => {
        const { version } = starters
        terminal.out(output === 'json' ? `${JSON.stringify({ version })}\n` : `steersman ${version}\n`)
        finish(0)
      })
  },
}
