import { loadManifests } from '../core/manifest.ts'
import type { Issue, LoadedRelease, SourceFile } from '../core/manifest.ts'
import type { DefaultedGate } from '../resources/types.ts'
import { CommandError } from './errors.ts'

/** A folder with `releases/` in it, and what lies below. */
export interface ManifestRoot {
  /** Relative to the tree that was read; empty for the tree itself. */
  readonly folder: string
  /** Paths relative to the folder. */
  readonly files: readonly SourceFile[]
}

const MANIFEST = /\.(ya?ml|json)$/i

/** The folders below which releases and overlays live: those whose `releases/` directly holds a manifest. */
export function findRoots(tree: readonly SourceFile[]): readonly ManifestRoot[] {
  const folders = new Set(
    tree.flatMap(({ path }) => {
      const parts = path.split('/')
      const isManifest = parts.at(-2) === 'releases' && MANIFEST.test(path)
      return isManifest ? [parts.slice(0, -2).join('/')] : []
    }),
  )
  const outermost = [...folders].filter(
    (folder) =>
      ![...folders].some(
        (other) => other !== folder && isBelow(folder, `${other}${other === '' ? '' : '/'}releases`),
      ),
  )
  return outermost.toSorted().map((folder) => ({ folder, files: filesBelow(tree, folder) }))
}

/** The one folder of manifests in a tree; throws a CommandError when there is none, or several. */
export function onlyRoot(tree: readonly SourceFile[], path: string): ManifestRoot {
  const roots = findRoots(tree)
  const [first, second] = roots
  if (first === undefined)
    throw new CommandError(`${path} has no releases`, {
      remedy: 'give the folder in which releases/ lies (spec.source.path of the Environment)',
    })
  if (second === undefined) return first
  throw new CommandError(`${path} has several folders with releases`, {
    why: roots
      .slice(0, 5)
      .map(({ folder }) => folder || '.')
      .join(', '),
    remedy: 'give one of them',
  })
}

/** The environments that have an overlay folder. */
export function overlayEnvironments({ files }: ManifestRoot): readonly string[] {
  const names = files.flatMap(({ path }) => /^overlays\/([^/]+)\//.exec(path)?.[1] ?? [])
  return [...new Set(names)].toSorted()
}

/** The releases of one environment (undefined: the base alone), and everything that is wrong with them. */
export function loadRoot(
  { files }: ManifestRoot,
  environment: string | undefined,
  requiredGates: readonly DefaultedGate[] = [],
): { readonly releases: readonly LoadedRelease[]; readonly issues: readonly Issue[] } {
  return loadManifests({ files, path: '.', environment, requiredGates })
}

/** Whether a path lies in a folder, or is the folder. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`)
}

function filesBelow(tree: readonly SourceFile[], folder: string): readonly SourceFile[] {
  if (folder === '') return tree
  return tree
    .filter(({ path }) => path !== folder && isBelow(path, folder))
    .map((file) => ({ ...file, path: file.path.slice(folder.length + 1) }))
}
