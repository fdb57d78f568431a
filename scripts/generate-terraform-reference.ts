// Writes the tables of inputs and outputs into the README of each Terraform module and root; with --check it writes nothing
// and exits 1 when a table is not current.
import { glob, readFile, writeFile } from 'node:fs/promises'
import { format, resolveConfig } from 'prettier'
import { blocksOf } from './terraform-reference/blocks.ts'
import { withTables } from './terraform-reference/page.ts'

const root = new URL('..', import.meta.url)
const checkOnly = process.argv.includes('--check')
const style = (await resolveConfig(new URL('controller/main.ts', root))) ?? {}
const folders = await Array.fromAsync(glob('terraform/{modules,roots}/*', { cwd: root }))
if (folders.length === 0) throw new Error('no Terraform module was found')

for (const folder of folders.toSorted()) {
  const target = `${folder}/README.md`
  const files = await Array.fromAsync(glob(`${folder}/*.tf`, { cwd: root }))
  // variables.tf before variables-traffic.tf.
  const names = files.map((file) => file.replace(/\.tf$/u, '')).toSorted()
  const texts = await Promise.all(names.map((name) => readFile(new URL(`${name}.tf`, root), 'utf8')))
  const current = await readFile(new URL(target, root), 'utf8')
  const text = await format(withTables(current, texts.flatMap(blocksOf)), { ...style, parser: 'markdown' })
  if (current === text) continue
  if (checkOnly) {
    process.stderr.write(`error: ${target} is not current; run \`npm run generate\`\n`)
    process.exitCode = 1
  } else {
    await writeFile(new URL(target, root), text)
    process.stderr.write(`wrote ${target}\n`)
  }
}
