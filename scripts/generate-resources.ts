// Writes controller/resources/generated/*.ts from crds/*.yaml and the Configuration's schema; with --check it writes
// nothing and exits 1 when a file is not current.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { load } from 'js-yaml'
import { compile } from 'json-schema-to-typescript'
import { format, resolveConfig } from 'prettier'
import { hoistTitled, withBareReferences, withDefaultsRequired } from './generate-resources/titled.ts'
import type { GeneratorSchema } from './generate-resources/titled.ts'

const root = new URL('..', import.meta.url)

const sources = [
  { name: 'environment', file: 'crds/environments.yaml' },
  { name: 'release', file: 'crds/releases.yaml' },
  { name: 'rollout', file: 'crds/rollouts.yaml' },
  { name: 'configuration', file: 'controller/resources/configuration.schema.yaml' },
]

interface CustomResourceDefinition {
  spec: { versions: [{ schema: { openAPIV3Schema: GeneratorSchema } }] }
}

await main(process.argv.includes('--check'))

async function main(checkOnly: boolean): Promise<void> {
  await mkdir(new URL('controller/resources/generated/', root), { recursive: true })
  for (const source of sources) {
    const target = `controller/resources/generated/${source.name}.ts`
    const text = await generate(source)
    const current = await readFile(new URL(target, root), 'utf8').catch(() => '')
    if (current === text) continue
    if (checkOnly) {
      process.stderr.write(`error: ${target} is not current; run \`node scripts/generate-resources.ts\`\n`)
      process.exitCode = 1
    } else {
      await writeFile(new URL(target, root), text)
      process.stderr.write(`wrote ${target}\n`)
    }
  }
}

async function generate({ name, file }: { name: string; file: string }): Promise<string> {
  const document = load(await readFile(new URL(file, root), 'utf8'))
  const schema = isDefinition(document)
    ? document.spec.versions[0].schema.openAPIV3Schema
    : (document as GeneratorSchema)
  const input = await declarations(hoistTitled(schema))
  const defaulted = await declarations(withDefaultsRequired(hoistTitled(schema)))
  for (const [declaration, text] of defaulted) if (!input.has(declaration)) input.set(declaration, text)
  const parts = [
    `// Generated from ${file} by scripts/generate-resources.ts: change that file, then run the script.`,
    "import type { ObjectMetadata } from '../metadata.ts'",
    "import type { Schema } from '../schema.ts'",
    '',
    ...input.values(),
    `/** The schema that the types above were made from. */`,
    `export const ${name}Schema: Schema = ${JSON.stringify(schema)}`,
  ]
  const options = await resolveConfig(new URL('controller/main.ts', root))
  const style = options ?? { semi: false, singleQuote: true, printWidth: 110 }
  return format(parts.join('\n'), { ...style, parser: 'typescript' })
}

function isDefinition(document: unknown): document is CustomResourceDefinition {
  return (
    typeof document === 'object' &&
    document !== null &&
    'spec' in document &&
    'names' in Object(document.spec)
  )
}

async function declarations(schema: GeneratorSchema): Promise<Map<string, string>> {
  const text = await compile(withBareReferences(schema), schema.title ?? '', {
    bannerComment: '',
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: false,
  })
  const found = new Map<string, string>()
  for (const part of text.split(/^(?=(?:\/\*\*(?:(?!\*\/)[^])*?\*\/\n)?export )/m)) {
    const declared = /^export (?:interface|type) (\w+)/m.exec(part)?.[1]
    if (declared !== undefined) found.set(declared, part)
  }
  return found
}
