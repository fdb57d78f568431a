// Writes docs/reference/{environment,release,rollout,configuration}.md from the schemas; with --check it writes nothing and
// exits 1 when a page is not current.
import { readFile, writeFile } from 'node:fs/promises'
import { format, resolveConfig } from 'prettier'
import { KIND_PAGES, renderPage } from './generate-reference/page.ts'
import { readExamples, readSchema } from './generate-reference/sources.ts'

const root = new URL('..', import.meta.url)
const checkOnly = process.argv.includes('--check')
const style = (await resolveConfig(new URL('controller/main.ts', root))) ?? {}

for (const page of KIND_PAGES) {
  const target = `docs/reference/${page.name}.md`
  const schema = await readSchema(root, page.schemaFile)
  const examples = await readExamples(root, page.kind)
  const example =
    page.exampleFile === undefined ? undefined : await readFile(new URL(page.exampleFile, root), 'utf8')
  const text = await format(renderPage({ page, schema, examples, example }), { ...style, parser: 'markdown' })
  const current = await readFile(new URL(target, root), 'utf8').catch(() => '')
  if (current === text) continue
  if (checkOnly) {
    process.stderr.write(`error: ${target} is not current; run \`npm run generate\`\n`)
    process.exitCode = 1
  } else {
    await writeFile(new URL(target, root), text)
    process.stderr.write(`wrote ${target}\n`)
  }
}
