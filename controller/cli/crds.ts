import { parse } from 'yaml'
import { formatOf, print } from './output.ts'
import type { RemoteOptions, Verb } from './verb.ts'

/** `steersman crds`. */
export const crdsVerb: Verb = {
  name: 'crds',
  summary: 'print the CustomResourceDefinitions of Kubernetes',
  examples: ['steersman crds | kubectl apply --server-side -f -', 'steersman crds -o json'],
  define(command, { starters, terminal }, finish) {
    command.option('-o, --output <format>', 'yaml or json').action(async ({ output }: RemoteOptions) => {
      const format = formatOf(output ?? 'yaml', ['yaml', 'json'])
      const texts = await starters.customResourceDefinitions()
      if (format === 'yaml') terminal.out(texts.map((text) => `---\n${text.replace(/^---\n/, '')}`).join(''))
      else {
        const items = texts.map((text) => parse(text) as unknown)
        print(terminal, format, { value: { apiVersion: 'v1', kind: 'List', items }, text: () => '' })
      }
      finish(0)
    })
  },
}
