import { join, normalize } from 'node:path/posix'
import { isRecord } from '../../resources/problem.ts'
import { checkRoot, localModules, MODULE_FILE, treeIssues } from '../../core/infrastructure/root.ts'
import { sensitiveInputs } from '../../core/infrastructure/sensitive-texts.ts'
import type { ParsedFile, ParsedModule, RootIssue, RootPolicy } from '../../core/infrastructure/root.ts'
import { PortError } from '../../ports/error.ts'
import type { Source, TreeFile } from '../../ports/source.ts'
import type { Terraform, TerraformFile } from '../../ports/terraform.ts'

/** A root as a commit has it, with every local module that it uses, however deep. */
export interface ReadRoot {
  readonly files: readonly TerraformFile[]
  /** The root first. */
  readonly modules: readonly ParsedModule[]
  /** Values of sensitive variables, as the commit has them. */
  readonly secrets: readonly string[]
  /** Why it is not run; with one of them nothing is laid out. */
  readonly issues: readonly RootIssue[]
}

interface RootRequest {
  readonly source: Pick<Source, 'files'>
  readonly terraform: Pick<Terraform, 'parse'>
  readonly commit: string
  /** Folder of the root. */
  readonly root: string
  readonly varFiles: readonly string[]
  readonly policy: RootPolicy
}

const LIMITS = { limitBytes: 1024 * 1024, limitFiles: 5_000 }
const MOST_MODULES = 100
const VARIABLE_FILE = /\.tfvars(?:\.json)?$/

/** Reads the root and its modules out of the commit, and checks them, before any program sees them. */
export async function readRoot(request: RootRequest): Promise<ReadRoot> {
  const { root, varFiles, policy } = request
  const entries = new Map<string, TreeFile>()
  const modules: ParsedModule[] = []
  const issues: RootIssue[] = []
  const folders = [root]
  for (let index = 0; index < folders.length; index += 1) {
    const folder = String(folders[index])
    if (index >= MOST_MODULES) {
      issues.push({ file: folder, rule: 'TooManyModules', message: `more than ${MOST_MODULES} modules` })
      break
    }
    await readFolder(request, { folder, folders: folders.slice(0, index), entries })
    const { module, broken } = await parseModule(request, folder, entries)
    issues.push(...broken)
    if (module.files.length === 0 && broken.length === 0) issues.push(missing(folder, root))
    modules.push(module)
    for (const called of localModules(module)) if (!folders.includes(called)) folders.push(called)
  }
  issues.push(...(await readVariableFiles(request, varFiles, entries)))
  const given = await parseVariableFiles(request, entries)
  issues.push(...given.broken)
  const files = [...entries.values()]
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  issues.push(...treeIssues(files), ...checkRoot({ modules, texts, policy }))
  return {
    files: files.map(({ path, text }) => ({ path, text })),
    modules,
    secrets: sensitiveInputs(modules, given.values),
    issues,
  }
}

/** A folder below another one came with it. */
async function readFolder(
  { source, commit }: RootRequest,
  {
    folder,
    folders,
    entries,
  }: {
    readonly folder: string
    readonly folders: readonly string[]
    readonly entries: Map<string, TreeFile>
  },
): Promise<void> {
  if (folders.some((other) => other === '' || folder.startsWith(`${other}/`))) return
  for (const entry of await source.files({ commit, path: folder, ...LIMITS })) entries.set(entry.path, entry)
}

/** Terraform reads the files of the folder itself, and not of those below. */
async function parseModule(
  { terraform }: RootRequest,
  folder: string,
  entries: ReadonlyMap<string, TreeFile>,
): Promise<{ readonly module: ParsedModule; readonly broken: readonly RootIssue[] }> {
  const prefix = folder === '' ? '' : `${folder}/`
  const own = [...entries.values()].filter(
    ({ path, mode }) =>
      mode === 'file' &&
      path.startsWith(prefix) &&
      !path.slice(prefix.length).includes('/') &&
      MODULE_FILE.test(path),
  )
  const { files, broken } = await parseFiles(terraform, own)
  return { module: { folder, files }, broken }
}

async function parseFiles(
  terraform: RootRequest['terraform'],
  texts: readonly TerraformFile[],
): Promise<{ readonly files: readonly ParsedFile[]; readonly broken: readonly RootIssue[] }> {
  const files: ParsedFile[] = []
  const broken: RootIssue[] = []
  for (const { path, text } of texts) {
    try {
      files.push({ path, blocks: await terraform.parse({ path, text }) })
    } catch (error) {
      if (!(error instanceof PortError) || error.code !== 'TerraformInvalid') throw error
      broken.push({ file: path, rule: 'InvalidHcl', message: error.message })
    }
  }
  return { files, broken }
}

function missing(folder: string, root: string): RootIssue {
  const what = folder === root ? 'the root' : 'a module that is called'
  return { file: folder, rule: 'NoSuchModule', message: `${what} has no .tf file in this commit` }
}

/** They may lie beside the root. */
async function readVariableFiles(
  { source, commit, root }: RootRequest,
  varFiles: readonly string[],
  entries: Map<string, TreeFile>,
): Promise<RootIssue[]> {
  const issues: RootIssue[] = []
  for (const varFile of varFiles) {
    const path = normalize(join(root, varFile))
    if (path === '..' || path.startsWith('../') || varFile.startsWith('/')) {
      issues.push({ file: varFile, rule: 'VariableFile', message: 'the path leaves the repository' })
      continue
    }
    if (!entries.has(path))
      for (const entry of await source.files({ commit, path, ...LIMITS })) entries.set(entry.path, entry)
    if (!entries.has(path))
      issues.push({ file: path, rule: 'VariableFile', message: 'there is no such file in this commit' })
  }
  return issues
}

/** Whatever gives values to variables: the files that the environment names, and those that Terraform reads by itself. */
async function parseVariableFiles(
  { terraform, root, varFiles }: RootRequest,
  entries: ReadonlyMap<string, TreeFile>,
): Promise<{
  readonly values: readonly Readonly<Record<string, unknown>>[]
  readonly broken: readonly RootIssue[]
}> {
  const named = new Set(varFiles.map((varFile) => normalize(join(root, varFile))))
  const own = [...entries.values()].filter(
    ({ path, mode, validUtf8 }) =>
      mode === 'file' && validUtf8 && (named.has(path) || VARIABLE_FILE.test(path)),
  )
  const isJson = ({ path }: TreeFile): boolean => path.endsWith('.json')
  const { files, broken } = await parseFiles(
    terraform,
    own.filter((file) => !isJson(file)),
  )
  const ofJson = own.filter(isJson).map(({ text }) => valuesOfJson(text))
  return { values: [...files.map(({ blocks }) => blocks), ...ofJson], broken }
}

/** Empty where it is none: Terraform says so itself. */
function valuesOfJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const values: unknown = JSON.parse(text)
    return isRecord(values) ? values : {}
  } catch {
    return {}
  }
}
