import type { Issue, LoadedRelease } from '../../../controller/core/manifest.ts'
import { loadManifests } from '../../../controller/core/manifest.ts'
import type { TreeFile } from '../../../controller/ports/source.ts'

/** What a commit's files say. */
export interface Loaded {
  readonly releases: readonly LoadedRelease[]
  readonly issues: readonly Issue[]
}

type Request = Parameters<typeof loadManifests>[0] & { readonly files: readonly TreeFile[] }

/** Releases whose meaning is kept. */
const MOST_RELEASES = 2_000
const known = new Map<string, LoadedRelease>()

/** What loadManifests says of the same files; a release whose files are as they were in another commit, or another run, is not read again. */
export function loadedManifests(request: Request): Loaded {
  const groups = releasesIn(request)
  const releases = groups?.map((files) => loadedRelease({ ...request, files }))
  const names = new Set(releases?.map((release) => release?.release.metadata.name))
  // A release that is wrong, or not alone in its files, is judged beside all of the others.
  if (releases === undefined || names.has(undefined) || names.size < releases.length)
    return loadManifests(request)
  return { releases: releases.filter((release) => release !== undefined), issues: [] }
}

/** The files of each release by itself; undefined where a commit has more than one file and one task definition for each. */
function releasesIn({ files, path }: Request): TreeFile[][] | undefined {
  const byName = Map.groupBy(files, (file) => nameIn(path, file))
  if (byName.has(undefined)) return undefined
  const groups = [...byName.values()]
  return groups.every((group) => group.some((file) => isRelease(path, file))) ? groups : undefined
}

const isRelease = (path: string, file: TreeFile): boolean => file.path.startsWith(`${path}/releases/`)

/** The release of `releases/web.yaml` and of `taskdefs/web.json`; undefined for anything else. */
function nameIn(path: string, file: TreeFile): string | undefined {
  if (file.mode !== 'file' || !file.path.startsWith(`${path}/`)) return undefined
  return /^(?:releases\/([a-z0-9-]+)\.yaml|taskdefs\/([a-z0-9-]+)\.json)$/
    .exec(file.path.slice(path.length + 1))
    ?.slice(1)
    .find((name) => name !== undefined)
}

function loadedRelease(request: Request): LoadedRelease | undefined {
  const { files, path, environment, requiredGates, ignore } = request
  const key = JSON.stringify([path, environment, requiredGates, ignore, files])
  const before = known.get(key)
  if (before !== undefined) return before
  const { releases, issues } = loadManifests(request)
  const [release] = releases
  if (release === undefined || releases.length > 1 || issues.length > 0) return undefined
  if (known.size >= MOST_RELEASES) known.clear()
  known.set(key, release)
  return release
}
