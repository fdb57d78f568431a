import { join, normalize } from 'node:path/posix'
import { isRecord } from '../../../resources/problem.ts'
import type { ParsedModule, RootIssue } from './parsed.ts'

interface Tree {
  /** Folder of the root, in which Terraform runs. */
  readonly root: string
  readonly texts: ReadonlyMap<string, string>
}

/** Functions that read the disk (https://developer.hashicorp.com/terraform/language/functions); `templatestring` makes code of data. */
const FILE_FUNCTION =
  /(?<![\w-])(file|filebase64|filebase64sha256|filebase64sha512|fileexists|filemd5|fileset|filesha1|filesha256|filesha512|templatefile|templatestring)(?![\w-])/g

/**
 * Calls by which a root would read files that are not its own, such as `/proc/self/environ`. The path must stand there in full,
 * within the repository: what is computed can't be told.
 */
export function fileFunctionIssues(module: ParsedModule, tree: Tree): RootIssue[] {
  return module.files.flatMap(({ path, blocks }) =>
    templatesIn(blocks).flatMap((text) =>
      callIssues({ file: path, text, folder: module.folder, tree, depth: 0 }),
    ),
  )
}

interface Looked {
  readonly file: string
  readonly text: string
  readonly folder: string
  readonly tree: Tree
  readonly depth: number
}

/** Templates that load templates that load templates: nobody does. */
const DEEPEST = 3

function callIssues(looked: Looked): RootIssue[] {
  const { file, text, depth } = looked
  return [...text.matchAll(FILE_FUNCTION)].flatMap(({ 1: name = '', index }) => {
    const argument = argumentAfter(text, index + name.length)
    if (argument === undefined) return []
    const path = pathOf(argument, looked)
    if (path === undefined || name === 'templatestring' || depth > DEEPEST)
      return [
        {
          file,
          rule: 'FileFunction',
          message: `${name}() may read what is not the root's own; expected a path below \${path.module} that stands there in full`,
        },
      ]
    const template = name === 'templatefile' ? looked.tree.texts.get(path) : undefined
    return template === undefined
      ? []
      : callIssues({ ...looked, file: path, text: template, depth: depth + 1 })
  })
}

/** What follows the opening bracket of a call; undefined where it is no call; empty for one that hides behind a comment. */
function argumentAfter(text: string, start: number): string | undefined {
  const opening = afterBlanks(text, start)
  if (text[opening] === '(') {
    const argument = afterBlanks(text, opening + 1)
    return text.slice(argument, argument + LONGEST_ARGUMENT)
  }
  return /^(?:#|\/\/|\/\*)/.test(text.slice(opening, opening + 2)) ? '' : undefined
}

const LONGEST_ARGUMENT = 4_096

function afterBlanks(text: string, start: number): number {
  const blanks = /\s*/y
  blanks.lastIndex = start
  return start + (blanks.exec(text)?.[0].length ?? 0)
}

/** Where a literal path leads, from the repository's root; undefined when it is computed, absolute or outside. */
function pathOf(argument: string, { folder, tree }: Looked): string | undefined {
  const bare = /^path\.(module|root)\s*[,)]/.exec(argument)?.[1]
  if (bare !== undefined) return bare === 'module' ? folder : tree.root
  const literal = /^"((?:\$\{\s*path\.(?:module|root)\s*\})?)([^"\\]*)"\s*[,)]/.exec(argument)
  const [, prefix = '', rest] = literal ?? []
  if (rest === undefined || /[$%]\{/.test(rest)) return undefined
  if (prefix === '' ? rest.startsWith('/') : !/^(?:\/|$)/.test(rest)) return undefined
  const base = prefix.includes('module') ? folder : tree.root
  const path = normalize(join(base, rest))
  return path === '..' || path.startsWith('../') ? undefined : path
}

/** Every text in which Terraform evaluates something, keys of maps included. */
function templatesIn(value: unknown): string[] {
  if (typeof value === 'string') return /[$%]\{/.test(value) ? [value] : []
  if (Array.isArray(value)) return value.flatMap(templatesIn)
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => [...templatesIn(key), ...templatesIn(inner)])
}
