import { issueOfFile } from './issue.ts'
import type { Issue } from './issue.ts'
import { MAX_FILES, unreadable } from './source-file.ts'
import type { SourceFile } from './source-file.ts'

/** The files of a commit that say something about one environment. */
export interface ManifestTree {
  /** Base files, each with the overlay that belongs to it. */
  pairs: { base: SourceFile; overlay: SourceFile | undefined }[]
  issues: Issue[]
}

/** Sorts a commit's files into releases and the environment's overlays; each overlay finds its base by its name. */
export function sortTree({
  files,
  path,
  environment,
}: {
  files: readonly SourceFile[]
  path: string
  environment: string | undefined
}): ManifestTree {
  const folder = joinPath(path, '')
  const releasesFolder = `${folder}releases/`
  const overlaysFolder = environment === undefined ? undefined : `${folder}overlays/${environment}/`
  const bases = below(files, releasesFolder)
  const overlays = overlaysFolder === undefined ? [] : below(files, overlaysFolder)
  const issues = blockedFolders(
    files,
    overlaysFolder === undefined ? [releasesFolder] : [releasesFolder, overlaysFolder],
  )
  if (bases.length + overlays.length > MAX_FILES) {
    const message = `there are ${bases.length + overlays.length} release and overlay files; expected at most ${MAX_FILES}`
    return { pairs: [], issues: [...issues, issueOfFile(releasesFolder, { message, code: 'TooManyFiles' })] }
  }
  const pairs = new Map(
    bases.map((base) => [base.path, { base, overlay: undefined as SourceFile | undefined }]),
  )
  for (const overlay of overlays) {
    const name = overlay.path.slice(overlaysFolder?.length)
    const base = baseOf(`${releasesFolder}${name}`, [...pairs.keys()])
    const pair = base === undefined ? undefined : pairs.get(base)
    if (pair && !pair.overlay) pair.overlay = overlay
    else issues.push(orphan({ overlay, expected: `${releasesFolder}${name}`, taken: pair !== undefined }))
  }
  return { pairs: [...pairs.values()], issues }
}

/** Joins the environment's path and a path below it; the result has neither `.` nor empty parts, and a folder ends in a slash. */
export function joinPath(path: string, inner: string): string {
  const parts = `${path}/${inner}`.split('/').filter((part) => part !== '' && part !== '.')
  const joined = parts.join('/')
  return inner === '' && joined !== '' ? `${joined}/` : joined
}

function below(files: readonly SourceFile[], folder: string): SourceFile[] {
  return files.filter(({ path, mode }) => {
    if (!path.startsWith(folder)) return false
    return mode === 'file' ? /\.(ya?ml|json)$/i.test(path) : true
  })
}

/** A symbolic link or a submodule in the place of a folder would hide everything below it. */
function blockedFolders(files: readonly SourceFile[], folders: readonly string[]): Issue[] {
  return files.flatMap((file) => {
    const blocks = file.mode !== 'file' && folders.some((folder) => folder.startsWith(`${file.path}/`))
    const cannot = blocks ? unreadable(file) : undefined
    return cannot
      ? [issueOfFile(file.path, { ...cannot, message: cannot.message.replace('regular file', 'folder') })]
      : []
  })
}

function baseOf(wanted: string, bases: readonly string[]): string | undefined {
  if (bases.includes(wanted)) return wanted
  const alike = bases.filter((base) => withoutExtension(base) === withoutExtension(wanted))
  return alike.length === 1 ? alike[0] : undefined
}

function withoutExtension(path: string): string {
  return path.replace(/\.(ya?ml|json)$/i, '')
}

function orphan({
  overlay,
  expected,
  taken,
}: {
  overlay: SourceFile
  expected: string
  taken: boolean
}): Issue {
  const message = taken
    ? `another overlay belongs to the same file already; expected one overlay for ${expected}`
    : `the overlay has nothing to lie over; expected the file ${expected}`
  return issueOfFile(overlay.path, { message, code: 'OverlayWithoutBase' })
}
