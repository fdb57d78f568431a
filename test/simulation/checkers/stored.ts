import type { Kind, StoredObject } from '../../../controller/ports/store.ts'
import type { ReleaseStatus, RolloutSpec, RolloutStatus } from '../../../controller/resources/types.ts'
import { ENVIRONMENT_LABEL, RELEASE_LABEL } from '../../../controller/resources/metadata.ts'
import type { MemoryFileSystem } from '../../support/memory-file-system.ts'
import { ENVIRONMENT } from '../aws/shape.ts'
import type { Machine } from '../process/machine.ts'
import { folderOfStore } from '../process/store-folder.ts'

/** A Rollout as it is on the disk. */
export interface StoredRollout {
  readonly name: string
  readonly release: string
  readonly spec: RolloutSpec
  readonly status: RolloutStatus
}

/** Is another one whenever the stored Environment is; undefined before there is one. */
export function environmentMark({ fileSystem, coreStore, table, cluster }: Machine): unknown {
  if (coreStore !== undefined) return coreStore.get('Environment', ENVIRONMENT)
  if (table !== undefined) return table.items('Environment').find(({ sk }) => sk?.S === ENVIRONMENT)
  if (cluster !== undefined)
    return cluster.raw('Environment').find(({ metadata: { name } }) => name === ENVIRONMENT)
  return fileSystem.textOf(`${folderOfStore(fileSystem)}/environment/${ENVIRONMENT}.json`)
}

/** The stored Environment; undefined before there is one, and while its file is being replaced. */
export function storedEnvironment(machine: Machine): StoredObject | undefined {
  return storedObjects(machine, 'Environment').find(({ metadata: { name } }) => name === ENVIRONMENT)
}

/** What the files of a kind hold; a file that is just being replaced is left out. */
export function storedObjects(
  { fileSystem, coreStore, table, cluster }: Machine,
  kind: Kind,
): readonly StoredObject[] {
  if (coreStore !== undefined) return coreStore.all(kind)
  if (table !== undefined) return table.objects(kind)
  if (cluster !== undefined) return cluster.objects(kind)
  const files = fileSystem.texts(`${folderOfStore(fileSystem)}/${kind.toLowerCase()}`)
  const known = knownFiles(fileSystem)
  return [...files].flatMap(([path, text]) => {
    if (!path.endsWith('.json')) return []
    let file = known.get(path)
    if (file?.text !== text) {
      file = { text, object: parsed(text) }
      known.set(path, file)
    }
    return file.object ?? []
  })
}

interface KnownFile {
  readonly text: string
  /** Undefined for a torn one. */
  readonly object: StoredObject | undefined
}

/** By file system and path: checkers look much more often than a file changes. */
const filesKnown = new WeakMap<MemoryFileSystem, Map<string, KnownFile>>()

function knownFiles(fileSystem: MemoryFileSystem): Map<string, KnownFile> {
  const known = filesKnown.get(fileSystem) ?? new Map<string, KnownFile>()
  filesKnown.set(fileSystem, known)
  return known
}

/** The status of each stored Release, by its name. */
export const storedReleases = (machine: Machine): ReadonlyMap<string, ReleaseStatus> =>
  new Map(
    storedObjects(machine, 'Release').map(({ metadata, status }) => [
      metadata.labels?.[RELEASE_LABEL] ?? '',
      status ?? {},
    ]),
  )

/** The rollouts of a release, or of all, in order of their numbers. */
export function storedRollouts(machine: Machine, release?: string): readonly StoredRollout[] {
  return storedObjects(machine, 'Rollout')
    .filter(({ metadata: { labels } }) => labels?.[ENVIRONMENT_LABEL] === ENVIRONMENT)
    .map(({ metadata, spec, status }) => ({
      name: metadata.name,
      release: metadata.labels?.[RELEASE_LABEL] ?? '',
      spec: spec as unknown as RolloutSpec,
      status: status ?? {},
    }))
    .filter((rollout) => release === undefined || rollout.release === release)
    .toSorted((one, other) => one.spec.number - other.spec.number)
}

/** The object of a whole file; undefined for a torn one. */
function parsed(text: string): StoredObject | undefined {
  try {
    return JSON.parse(text) as StoredObject
  } catch {
    return undefined
  }
}
