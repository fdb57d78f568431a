import { mkdir, readFile, writeFile } from 'node:fs/promises'

/**
 * Writes generated files, from path to text, where they are not what they should be. With --check on the command line it writes nothing,
 * and the process exits with 1 where one is not current.
 */
export async function keepCurrent(root: URL, files: Readonly<Record<string, string>>): Promise<void> {
  const checkOnly = process.argv.includes('--check')
  for (const [path, text] of Object.entries(files)) {
    const target = new URL(path, root)
    const current = await readFile(target, 'utf8').catch(() => '')
    if (current === text) continue
    if (checkOnly) {
      process.stderr.write(`error: ${path} is not current; run \`npm run generate\`\n`)
      process.exitCode = 1
    } else {
      await mkdir(new URL('.', target), { recursive: true })
      await writeFile(target, text)
      process.stderr.write(`wrote ${path}\n`)
    }
  }
}
