import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findSources, root, SOURCE_FOLDERS } from './sources.ts'

/** One import that a rule of `.dependency-cruiser.mjs` forbids. */
export interface ImportViolation {
  rule: string
  from: string
  to: string
}

/** What the check read and found. */
export interface ImportReport {
  /** TypeScript files of the checked folders that the analysis read. */
  modules: string[]
  /** TypeScript files that are there and were not read: with any, the check proves nothing. */
  unread: string[]
  violations: ImportViolation[]
}

const TIME_LIMIT_MS = 120_000
const OUTPUT_LIMIT_BYTES = 256 * 1024 * 1024

/**
 * Reads every import of the tree in `directory` against the rules of `.dependency-cruiser.mjs` there.
 * dependency-cruiser answers "no violations" when it cannot parse TypeScript at all, so the files it read are compared
 * with the files that exist.
 */
export async function checkImports(directory: string): Promise<ImportReport> {
  const sources = await findSources(directory)
  const result = await cruise(directory)
  const read = new Set(result.modules.map((module) => module.source))
  return {
    modules: sources.filter((source) => read.has(source)),
    unread: sources.filter((source) => !read.has(source)),
    violations: result.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  }
}

interface CruiseResult {
  modules: { source: string }[]
  summary: { violations: { rule: { name: string }; from: string; to: string }[] }
}

/** With JSON output dependency-cruiser exits 0 whatever it found: another code is its own failure, and is thrown. */
async function cruise(directory: string): Promise<CruiseResult> {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const folders = SOURCE_FOLDERS.filter((folder) => existsSync(join(directory, folder)))
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...folders],
    { cwd: directory, timeout: TIME_LIMIT_MS, maxBuffer: OUTPUT_LIMIT_BYTES },
  )
  return JSON.parse(stdout) as CruiseResult
}
