import { lstat, readdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isRecord } from '../../resources/problem.ts'
import type { TerraformProcess } from '../../ports/terraform.ts'
import { describeProcess } from './processes.ts'
import { readSmallJson } from './small-file.ts'

const RUN = /^run-[A-Za-z0-9]+$/
const PRIVATE_FILE = 0o600

/** Notes whose a run is: ours. `logs` is a folder that Terraform's user can't enter. */
export async function recordOwner(logs: string): Promise<void> {
  await record(join(logs, 'owner.json'), describeProcess(process.pid))
}

/** The controller that made this directory; undefined where it did not come to say so. */
export function ownerOf(directory: string): Promise<TerraformProcess | undefined> {
  return recorded(join(directory, 'logs', 'owner.json'))
}

/** Notes which process applies here. */
export async function recordApply(logs: string, apply: TerraformProcess): Promise<void> {
  await record(join(logs, 'apply.json'), apply)
}

/** The last apply of this directory whose start somebody was told of. */
export function applyOf(directory: string): Promise<TerraformProcess | undefined> {
  return recorded(join(directory, 'logs', 'apply.json'))
}

/** Directories of runs below the base. */
export async function runDirectories(base: string): Promise<readonly string[]> {
  const names = await readdir(base).catch(() => [])
  const runs: string[] = []
  for (const name of names) if (await isRunDirectory(base, join(base, name))) runs.push(join(base, name))
  return runs
}

/** Whether it is one that we made below the base, spelled as we spell it: others are nobody's to touch. */
export async function isRunDirectory(base: string, directory: string): Promise<boolean> {
  const name = basename(directory)
  if (!RUN.test(name) || directory !== join(base, name)) return false
  return lstat(directory).then(
    (facts) => facts.isDirectory(),
    () => false,
  )
}

async function record(file: string, facts: TerraformProcess): Promise<void> {
  await writeFile(file, JSON.stringify(facts), { mode: PRIVATE_FILE })
}

async function recorded(file: string): Promise<TerraformProcess | undefined> {
  const facts = await readSmallJson(file)
  if (!isRecord(facts)) return undefined
  const { host, boot, pid, startTime } = facts
  const isWhole =
    typeof host === 'string' &&
    typeof boot === 'string' &&
    typeof pid === 'number' &&
    typeof startTime === 'string'
  return isWhole ? { host, boot, pid, startTime } : undefined
}
