import { jsonText, yamlText } from './encode.ts'
import { formatOf } from './output.ts'
import type { RenderOptions } from './rendering.ts'
import type { Verb } from './verb.ts'

interface Options extends RenderOptions {
  readonly output?: string
}

/** `steersman render ENVIRONMENT`: manifests as the controller would read them, offline. */
export const renderVerb: Verb = {
  name: 'render',
  summary: 'print the manifests of an environment after overlays and substitution',
  examples: [
    'steersman render prod --path deploy',
    'steersman render prod --path deploy --commit "$(git rev-parse HEAD)" --config /etc/steersman',
  ],
  define(command, context, finish) {
    command
      .argument('<environment>', 'whose overlays are laid over')
      .option('--path <folder>', 'where releases/ lies', '.')
      .option('--commit <id>', 'stands for ${commit}; left out, placeholders of it stay')
      .option('--config <path>', 'the Environment’s document, for required gates, region and account')
      .option('-o, --output <format>', 'yaml or json')
      .action(async (environment: string, options: Options) => {
        const format = formatOf(options.output ?? 'yaml', ['yaml', 'json'])
        const { renderedReleases } = await import('./rendering.ts')
        const documents = await renderedReleases(context, environment, options)
        context.terminal.out(
          format === 'json'
            ? jsonText({ apiVersion: 'v1', kind: 'List', items: documents }, 2)
            : documents.map((document) => yamlText(document)).join('---\n'),
        )
        finish(0)
      })
  },
}
