/** One entry of the commit's tree below the environment's path. */
export interface SourceFile {
  /** Path from the repository's root, with slashes. */
  path: string
  mode: 'file' | 'symlink' | 'submodule'
  /** Size in bytes. */
  size: number
  /** The text as UTF-8; empty when the file is over the limit or no regular file. */
  text: string
  validUtf8: boolean
}

/** Files over this size are not read. */
export const MAX_FILE_BYTES = 1_048_576

/** More release and overlay files than this are refused. */
export const MAX_FILES = 500

/** What keeps a tree entry from being read at all; undefined when nothing does. */
export function unreadable(file: SourceFile): { message: string; code: string } | undefined {
  if (file.mode === 'symlink') {
    return { message: 'this is a symbolic link; expected a regular file', code: 'SymbolicLink' }
  }
  if (file.mode === 'submodule') {
    return { message: 'this is a submodule; expected a regular file', code: 'Submodule' }
  }
  if (file.size > MAX_FILE_BYTES) {
    return {
      message: `the file has ${file.size} bytes; expected at most ${MAX_FILE_BYTES}`,
      code: 'FileTooLarge',
    }
  }
  if (!file.validUtf8) return { message: 'the file is not UTF-8; expected text in UTF-8', code: 'NotUtf8' }
  return undefined
}
