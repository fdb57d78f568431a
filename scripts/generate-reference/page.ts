import { UNSUPPORTED } from '../../controller/resources/supported.ts'
import type { Schema } from '../../controller/resources/schema.ts'
import { sectionsOf, type FieldRow, type Section } from './fields.ts'
import type { Example } from './sources.ts'

/** One page of the reference and what it is made from. */
export interface KindPage {
  name: string
  kind: string
  schemaFile: string
  /** A whole document to show; a kind without one is not written by people. */
  exampleFile?: string
  /** What the schema does not say: where such a document lies, and what else to read. */
  introduction: string
}

const DURATIONS = "Durations have Go's form: `500ms`, `30s`, `1h30m`."

export const KIND_PAGES: readonly KindPage[] = [
  {
    name: 'environment',
    kind: 'Environment',
    schemaFile: 'crds/environments.yaml',
    exampleFile: 'manifests/environments/prod.yaml',
    introduction: `An Environment is a file in the config directory of the controller (\`run --config\`), never of the application's repository. ${DURATIONS}
To copy: [manifests/environments](../../manifests/environments).`,
  },
  {
    name: 'release',
    kind: 'Release',
    schemaFile: 'crds/releases.yaml',
    exampleFile: 'manifests/releases/fargate/deploy/releases/web.yaml',
    introduction: `A Release is a file below \`<path>/releases/\` on the environment's branch. What differs in an environment is a JSON merge patch in
\`<path>/overlays/<environment>/\`. In texts, \`\${commit}\`, \`\${imageTag}\`, \`\${environment}\`, \`\${region}\` and \`\${account}\` are put in; \`$\${\` stands for a plain \`\${\`. ${DURATIONS}
To copy: [manifests/releases](../../manifests/releases). Check it before you push: \`steersman validate deploy --environment prod\`.`,
  },
  {
    name: 'rollout',
    kind: 'Rollout',
    schemaFile: 'crds/rollouts.yaml',
    introduction: `Steersman writes one Rollout for each attempt, and nobody else writes any. Look at them with \`steersman get rollouts\` and \`steersman history ENV/RELEASE\`.`,
  },
  {
    name: 'configuration',
    kind: 'Configuration',
    schemaFile: 'controller/resources/configuration.schema.yaml',
    exampleFile: 'manifests/environments/configuration.yaml',
    introduction: `One document in the config directory, beside the Environments. All of it may be left out. ${DURATIONS}
To copy: [manifests/environments/configuration.yaml](../../manifests/environments/configuration.yaml).`,
  },
]

/** The page as Markdown, not yet laid out. */
export function renderPage({
  page,
  schema,
  examples,
  example,
}: {
  page: KindPage
  schema: Schema
  examples: readonly Example[]
  example: string | undefined
}): string {
  const isWritten = example !== undefined
  const walk = { examples, isWritten, shown: new Map<string, string>(), refusal: refusalsOf(page.kind) }
  const parts = ['spec', 'status'].flatMap((part) => {
    const found = schema.properties?.[part]
    return found === undefined ? [] : sectionsOf(found, [part], walk)
  })
  return [
    `<!-- Generated from ${page.schemaFile} by scripts/generate-reference.ts: change that file, then run \`npm run generate\`. -->`,
    `# ${page.kind}`,
    schema.description ?? '',
    page.introduction,
    ...(example === undefined ? [] : ['## Example', `\`\`\`yaml\n${example.trimEnd()}\n\`\`\``]),
    ...parts.map(renderSection),
  ].join('\n\n')
}

/** What the controller refuses until its behaviour is there, by the path of the field as the page writes it. */
function refusalsOf(kind: string): (path: string) => string | undefined {
  const rows = UNSUPPORTED.filter((row) => row.kind === kind)
  return (path) => {
    const row = rows.find((each) => each.path.slice(1).replaceAll('/', '.') === path)
    if (row === undefined) return undefined
    return row.values === undefined
      ? `expected is ${row.expected}`
      : `${row.values.join(', ')}; expected is ${row.expected}`
  }
}

function renderSection({ path, description, rules, rows }: Section): string {
  const columns = (['field', 'type', 'default', 'meaning', 'example'] as const).filter(
    (column) => column === 'field' || rows.some((row) => row[column] !== ''),
  )
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    `${path.includes('.') ? '###' : '##'} ${path}`,
    plain(description),
    [
      line(columns),
      line(columns.map(() => '---')),
      ...rows.map((row: FieldRow) => line(columns.map((column) => cell(row[column])))),
    ].join('\n'),
    ...(rules.length === 0 ? [] : ['What must hold:', rules.map((rule) => `- ${plain(rule)}`).join('\n')]),
  ].join('\n\n')
}

function cell(text: string): string {
  return plain(text).replaceAll('|', '\\|').replaceAll('\n', ' ')
}

/** Outside of code, what stands in angle brackets would be taken for HTML. */
function plain(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part.replaceAll('<', '&lt;') : part))
    .join('`')
}
