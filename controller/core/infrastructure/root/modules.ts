import { join, normalize } from 'node:path/posix'
import { matchesGlob } from '../../glob.ts'
import { labelledBlocks } from './parsed.ts'
import type { ParsedModule, RootIssue, RootPolicy } from './parsed.ts'

/** The folders of the repository that a module calls by `./` and `../`; one that leaves the repository is not among them. */
export function localModules(module: ParsedModule): readonly string[] {
  const folders = calls(module).flatMap(({ source }) => {
    const folder = typeof source === 'string' && isLocal(source) ? folderOf(module, source) : undefined
    return folder === undefined ? [] : [folder]
  })
  return [...new Set(folders)].toSorted()
}

/** Sources from elsewhere that are not listed: whoever owns that place would own the environment. */
export function moduleIssues(module: ParsedModule, policy: RootPolicy): RootIssue[] {
  return calls(module).flatMap(({ file, name, source }) => {
    if (typeof source !== 'string')
      return [
        {
          file,
          rule: 'UnlistedModule',
          message: `module ${name} has no source; expected a folder of the repository`,
        },
      ]
    if (isLocal(source)) {
      if (folderOf(module, source) !== undefined) return []
      return [
        {
          file,
          rule: 'ModuleOutside',
          message: `the source of module ${name} leaves the repository; expected a folder of it`,
        },
      ]
    }
    if (!source.includes('${') && policy.modules.some((glob) => matchesGlob(glob, source))) return []
    return [
      {
        file,
        rule: 'UnlistedModule',
        message: `module ${name} comes from a place that is not listed; expected a folder of the repository, or a source that spec.terraform.modules lists`,
      },
    ]
  })
}

interface Call {
  readonly file: string
  readonly name: string
  readonly source: unknown
}

function calls({ files }: ParsedModule): Call[] {
  return files.flatMap(({ path, blocks }) =>
    labelledBlocks(blocks['module'], 1).map(({ labels: [name = ''], body }) => ({
      file: path,
      name,
      source: body['source'],
    })),
  )
}

function isLocal(source: string): boolean {
  return /^\.\.?(?:\/|$)/.test(source) && !source.includes('${')
}

function folderOf({ folder }: ParsedModule, source: string): string | undefined {
  const path = normalize(join(folder, source)).replace(/\/$/, '')
  if (path === '..' || path.startsWith('../') || source.includes('\\') || source.slice(1).includes('//'))
    return undefined
  return path === '.' ? '' : path
}
