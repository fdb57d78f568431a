// Writes what the chart repeats of other files: its crds/, values.schema.json and README.md. With --check it writes nothing and exits 1
// when a file is not current.
import { glob, readFile } from 'node:fs/promises'
import { load } from 'js-yaml'
import { format, resolveConfig } from 'prettier'
import { readSchema } from './generate-reference/sources.ts'
import { readValues } from './generate-chart/read-values.ts'
import { renderReadme } from './generate-chart/readme.ts'
import { strictSchema, withSources, type Schema } from './generate-chart/strict-schema.ts'
import { keepCurrent } from './generate/keep-current.ts'

const root = new URL('..', import.meta.url)
const chart = 'charts/steersman'
const read = (path: string): Promise<string> => readFile(new URL(path, root), 'utf8')
const style = (await resolveConfig(new URL('controller/main.ts', root))) ?? {}

const files: Record<string, string> = {}
for (const path of await Array.fromAsync(glob('crds/*.yaml', { cwd: root })))
  files[`${chart}/${path}`] = await read(path)
files[`${chart}/values.schema.json`] = await valuesSchema()
files[`${chart}/README.md`] = await readme()
await keepCurrent(root, files)

async function valuesSchema(): Promise<string> {
  const schema = withSources(load(await read('scripts/generate-chart/values.schema.yaml')), {
    configuration: await specOf('controller/resources/configuration.schema.yaml'),
    environment: await specOf('crds/environments.yaml'),
  })
  return `${JSON.stringify(schema, undefined, 2)}\n`
}

async function specOf(file: string): Promise<Schema> {
  const { properties } = await readSchema(root, file)
  const spec = properties?.['spec']
  if (spec === undefined) throw new Error(`${file} has no spec`)
  return strictSchema({ ...spec })
}

async function readme(): Promise<string> {
  const { description } = load(await read(`${chart}/Chart.yaml`)) as { description: string }
  const text = renderReadme({ description, values: readValues(await read(`${chart}/values.yaml`)) })
  return format(text, { ...style, parser: 'markdown' })
}
