import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './checks/sources.ts'

const TIME_LIMIT_MS = 30_000
const OUTPUT_LIMIT_BYTES = 16 * 1024 * 1024

const complaints = [...(await missingFiles()), ...(await wrongVersions()), ...(await wrongSchemas())]
for (const complaint of complaints) console.error(complaint)
console.log(`build: ${complaints.length} findings`)
process.exitCode = complaints.length === 0 ? 0 : 1

/** What the program reads beside itself has to lie in dist as it lies in the clone. */
async function missingFiles(): Promise<string[]> {
  const patterns = [
    'crds/*.yaml',
    'manifests/demo/**/*.*',
    'controller/dashboard/*.{html,css,svg,js}',
    'package.json',
  ]
  const files = await Array.fromAsync(glob(patterns, { cwd: root }))
  return files
    .filter((file) => !existsSync(join(root, 'dist', file)))
    .map((file) => `dist/${file} is missing`)
}

/** It must start, find package.json and say the same both ways. */
async function wrongVersions(): Promise<string[]> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const said = await Promise.all([['version'], ['--version']].map(runBuilt))
  return said
    .filter((text) => text.trim() !== `steersman ${version}`)
    .map((text) => `the version reads: ${text}`)
}

/** `crds` prints the schemas that lie beside the program. */
async function wrongSchemas(): Promise<string[]> {
  const text = await runBuilt(['crds'])
  return ['environments', 'releases', 'rollouts']
    .filter((plural) => !text.includes(`name: ${plural}.steersman.dev`))
    .map((plural) => `\`crds\` prints no ${plural}.steersman.dev`)
}

/** Started elsewhere than in the clone, so that no path may lean on the working directory. */
async function runBuilt(verb: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, 'dist/controller/main.js'), ...verb],
    { cwd: '/', timeout: TIME_LIMIT_MS, maxBuffer: OUTPUT_LIMIT_BYTES },
  )
  return stdout
}
