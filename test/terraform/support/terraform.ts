import { execFile } from 'node:child_process'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeTemporaryDirectory } from '../../support/temp-directory.ts'
import type { requires } from '../../support/requires.ts'
import { terraformMirror } from '../../support/terraform-mirror.ts'

const run = promisify(execFile)
const MODULES = new URL('../../../terraform', import.meta.url).pathname
/** A first apply takes two minutes on a quiet machine, and several times that on a busy one. */
const TIME_LIMIT_MS = 900_000
const OUTPUT_LIMIT_BYTES = 32 * 1024 * 1024

/** What a command printed, and how it ended. */
export interface Printed {
  readonly code: number
  readonly text: string
}

/** A copy of `terraform/`, in which Terraform may write, with the provider of the mirror. */
export interface Copy {
  /** The folder that holds modules/ and roots/. */
  readonly path: string
  /** Runs Terraform in a folder of the copy; a command that fails is no error here. */
  terraform(folder: string, ...words: readonly string[]): Promise<Printed>
  /** Runs another program with the same variables. */
  program(command: string, ...words: readonly string[]): Promise<Printed>
  remove(): Promise<void>
}

/** What `requires` found, and whether Terraform's AWS provider is there too. */
export function withProvider(found: ReturnType<typeof requires>): ReturnType<typeof requires> {
  if (found.missing !== undefined || mirror() !== undefined) return found
  const missing = "a mirror of Terraform's AWS provider not found"
  return { missing, title: (text) => `${text} (skipped: ${missing})` }
}

let searched: { mirror: string | undefined } | undefined

/** What Terraform is told of where providers are: the text of its CLI's configuration. */
export function cliConfiguration(): string {
  return mirrorsConfiguration({})
}

/** The same with mirrors of other providers beside, by pattern. */
export function mirrorsConfiguration(others: Readonly<Record<string, string>>): string {
  const mirrors = Object.entries({ ...others, 'hashicorp/*': mirror() }).map(
    ([pattern, path]) =>
      `  filesystem_mirror {\n    path    = ${JSON.stringify(path)}\n    include = [${JSON.stringify(pattern)}]\n  }\n`,
  )
  return `provider_installation {\n${mirrors.join('')}}\n`
}

/** The disk is searched once in a process. */
function mirror(): string | undefined {
  searched ??= { mirror: terraformMirror() }
  return searched.mirror
}

/** Terraform leaves working files and lock files behind: so it works on a copy, and the clone stays as it is. */
export async function copyOfModules(variables: Readonly<Record<string, string>> = {}): Promise<Copy> {
  const folder = await makeTemporaryDirectory('terraform')
  const path = join(folder.path, 'terraform')
  await cp(MODULES, path, { recursive: true, filter: (name) => !name.includes('.terraform') })
  await mkdir(join(folder.path, 'home'))
  const configuration = join(folder.path, 'terraform.rc')
  await writeFile(configuration, cliConfiguration())
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: join(folder.path, 'home'),
    TF_CLI_CONFIG_FILE: configuration,
    TF_IN_AUTOMATION: '1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    ...variables,
  }
  const program = (command: string, ...words: readonly string[]) => printed(command, words, env)
  return {
    path,
    program,
    terraform: (where, first = 'version', ...words) =>
      program('terraform', `-chdir=${join(path, where)}`, first, '-no-color', ...words),
    remove: folder.remove,
  }
}

async function printed(
  command: string,
  words: readonly string[],
  env: Record<string, string>,
): Promise<Printed> {
  const options = { env, timeout: TIME_LIMIT_MS, maxBuffer: OUTPUT_LIMIT_BYTES }
  try {
    const { stdout, stderr } = await run(command, [...words], options)
    return { code: 0, text: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string }
    if (typeof code !== 'number') throw error
    return { code, text: `${stdout ?? ''}${stderr ?? ''}` }
  }
}

/** The text of a command that must succeed; what it printed is the error otherwise. */
export async function succeeded(result: Promise<Printed>): Promise<string> {
  const { code, text } = await result
  if (code !== 0) throw new Error(`it exited with ${code}:\n${text}`)
  return text
}
