import type { Issue, SourceFile } from '../core/manifest.ts'
import { sortIssues } from '../core/manifest/issue.ts'
import { loadSettings } from '../core/manifest/settings.ts'
import type { DefaultedEnvironment } from '../resources/types.ts'
import type { CommandContext } from './context.ts'
import { CommandError } from './errors.ts'
import type { ManifestRoot } from './manifests.ts'
import { findRoots, isBelow, loadRoot, overlayEnvironments } from './manifests.ts'

/** What was checked, and everything that is wrong with it, sorted. */
export interface Checked {
  readonly releases: number
  readonly environments: number
  readonly issues: readonly Issue[]
}

/** Checks whatever the paths hold: folders of manifests, and Environments and Configurations. */
export async function checkPaths(
  { starters }: CommandContext,
  paths: readonly string[],
  environment: string | undefined,
): Promise<Checked> {
  const trees = await Promise.all(paths.map((path) => readPath(path, starters)))
  const parts = trees.map(({ path, tree }) => partsOf(path, tree))
  const settings = parts
    .flatMap(({ settings: groups }) => groups)
    .map((files) => loadSettings(files, { isInCluster: true }))
  const environments = settings.flatMap((loaded) => loaded.environments.map((each) => each.environment))
  const roots = parts.flatMap((part) => part.roots)
  if (roots.length + settings.length === 0)
    throw new CommandError(`there is nothing to check in ${paths.join(', ')}`, {
      why: 'no releases/ folder and no Environment or Configuration was found',
      remedy: 'give the folder in which releases/ lies, or a config directory',
    })
  const manifests = roots.map(({ root, shown }) => checkRoot(root, { shown, environment, environments }))
  return {
    releases: manifests.reduce((sum, { releases }) => sum + releases, 0),
    environments: environments.length,
    issues: sortIssues([
      ...settings.flatMap(({ issues }) => issues),
      ...manifests.flatMap(({ issues }) => issues),
    ]),
  }
}

/** A release's file is checked with its overlays and task definitions, which lie around it. */
async function readPath(
  path: string,
  starters: CommandContext['starters'],
): Promise<{ readonly path: string; readonly tree: readonly SourceFile[] }> {
  const [, folder, name] = /^(.*\/)?releases\/([^/]+\.(?:ya?ml|json))$/i.exec(path) ?? []
  if (name === undefined) return { path, tree: await starters.readTree(path) }
  const tree = await starters.readTree(folder ?? '.')
  const isOther = (file: string): boolean =>
    /^(releases|overlays\/[^/]+)\//.test(file) &&
    withoutExtension(file.split('/').at(-1)) !== withoutExtension(name)
  return { path: folder ?? '.', tree: tree.filter((file) => !isOther(file.path)) }
}

const withoutExtension = (name: string | undefined): string | undefined =>
  name?.replace(/\.(ya?ml|json)$/i, '')

interface Parts {
  readonly roots: readonly { readonly root: ManifestRoot; readonly shown: (file: string) => string }[]
  /** Files of Environments and Configurations, by folder: each folder may be a config directory of its own. */
  readonly settings: readonly (readonly SourceFile[])[]
}

/** What a given path holds; files are shown as a person would name them from where he is. */
function partsOf(path: string, tree: readonly SourceFile[]): Parts {
  const base = path === '.' ? '' : path.replace(/\/+$/, '')
  const isFile = tree.length === 1 && tree[0]?.path === ''
  const join = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('/')
  if (isFile) return { roots: [], settings: [tree.map((file) => ({ ...file, path }))] }
  const roots = findRoots(tree)
  const folders = new Map<string, SourceFile[]>()
  for (const file of tree) {
    const isSettings = /\.(ya?ml|json)$/i.test(file.path) && file.text.includes('steersman.dev/')
    if (!isSettings || roots.some(({ folder }) => isManifestOf(file.path, folder))) continue
    if (isDefinition(file.text)) continue
    const folder = file.path.split('/').slice(0, -1).join('/')
    folders.set(folder, [...(folders.get(folder) ?? []), { ...file, path: join(base, file.path) }])
  }
  return {
    roots: roots.map((root) => ({ root, shown: (file) => join(base, root.folder, file) })),
    settings: [...folders.values()],
  }
}

/** The schemas themselves carry the group's name too. */
const isDefinition = (text: string): boolean => /^kind: ["']?CustomResourceDefinition/m.test(text)

const isManifestOf = (path: string, folder: string): boolean =>
  ['releases', 'overlays'].some((name) => isBelow(path, folder === '' ? name : `${folder}/${name}`))

function checkRoot(
  root: ManifestRoot,
  {
    shown,
    environment,
    environments,
  }: {
    readonly shown: (file: string) => string
    readonly environment: string | undefined
    readonly environments: readonly DefaultedEnvironment[]
  },
): { readonly releases: number; readonly issues: readonly Issue[] } {
  // The base alone stands for environments without overlays.
  const names = environment === undefined ? [...overlayEnvironments(root), undefined] : [environment]
  const loaded = names.map((name) => {
    const known = environments.find(({ metadata }) => metadata.name === name)
    return loadRoot(root, name, known?.spec.requiredGates ?? [])
  })
  return {
    releases: new Set(loaded.flatMap(({ releases }) => releases.map(({ release }) => release.metadata.name)))
      .size,
    issues: loaded.flatMap(({ issues }) => issues.map((issue) => ({ ...issue, file: shown(issue.file) }))),
  }
}
