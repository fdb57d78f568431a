import type { ChartValue } from './read-values.ts'

/** The chart's README: how to install it, and a table of its values. Markdown that is not laid out yet. */
export function renderReadme({
  description,
  values,
}: {
  readonly description: string
  readonly values: readonly ChartValue[]
}): string {
  const rows = values.map(
    ({ path, defaultValue, meaning }) =>
      `| \`${path}\` | ${defaultValue === '' ? '' : `\`${cell(defaultValue)}\``} | ${cell(meaning)} |`,
  )
  return [
    '<!-- Generated from values.yaml by scripts/generate-chart.ts: change that file, then run `npm run generate`. -->',
    '# The Helm chart',
    description,
    'How to install it, step by step: [on Kubernetes](../../docs/guide/kubernetes.md).',
    '```console\nhelm install steersman charts/steersman --namespace steersman --create-namespace --values my-values.yaml\n```',
    '## Values',
    'A value that is not in this table, or of another form, is refused before anything is installed ([values.schema.json](values.schema.json)).',
    ['| value | default | meaning |', '| --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n')
}

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`)
