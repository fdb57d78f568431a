import { PortError } from '../../ports/error.ts'

const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/
const FORBIDDEN_IN_REFERENCES = /[ ~^:?*[\\]|\.\.|@\{|\/\/|\.$|\/$|^\/|(^|\/)\.|\.lock(\/|$)/
const MAX_NAME_LENGTH = 1024

/** The full name of a branch, for use in an argument; rejects what `git check-ref-format` would, and a leading dash. */
export function branchReference(branch: string): string {
  return `refs/heads/${checkedReferencePart(branch, 'branch')}`
}

/** The full name of a tag, for use in an argument; rejects what `git check-ref-format` would, and a leading dash. */
export function tagReference(name: string): string {
  return `refs/tags/${checkedReferencePart(name, 'tag')}`
}

/** The full name of a tag prefix such as `deploy/prod/`; it ends in a slash, so that it never matches a sibling's tags. */
export function tagPrefixReference(prefix: string): string {
  return `${tagReference(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix)}/`
}

/** The same object id, proven to be one: hexadecimal, so that it can never be read as an option, a range or a path. */
export function objectId(id: string): string {
  if (isObjectId(id)) return id
  throw refused(
    `'${printable(id)}' is not the full id of a git object`,
    'Give the full hexadecimal id of the object.',
  )
}

/** Whether a text is the full id of an object (SHA-1 or SHA-256). */
export function isObjectId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text)
}

/** The path without `.` and empty parts, relative to the repository's root (empty for the root itself); it never leaves the repository. */
export function repositoryPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  const bad =
    CONTROL_CHARACTERS.test(path) ||
    path.startsWith('/') ||
    path.length > MAX_NAME_LENGTH ||
    parts.some((part) => part === '..' || part.toLowerCase() === '.git')
  if (bad) {
    throw refused(
      `path '${printable(path)}' leaves the repository or has forbidden characters`,
      'Give a path relative to the root of the repository, without "..", ".git" or control characters.',
    )
  }
  return parts.join('/')
}

function checkedReferencePart(name: string, kind: 'branch' | 'tag'): string {
  const bad =
    name === '' ||
    name === '@' ||
    name.startsWith('-') ||
    name.length > MAX_NAME_LENGTH ||
    CONTROL_CHARACTERS.test(name) ||
    FORBIDDEN_IN_REFERENCES.test(name)
  if (!bad) return name
  throw refused(
    `'${printable(name)}' is not a valid ${kind} name`,
    `Give a ${kind} name that \`git check-ref-format\` accepts and that does not begin with a dash.`,
  )
}

function refused(message: string, remedy: string): PortError {
  return new PortError(message, { code: 'SourceRefused', handling: 'stall', remedy })
}

function printable(text: string): string {
  return text.slice(0, 200).replaceAll(/[\u0000-\u001f\u007f]/g, '?')
}
