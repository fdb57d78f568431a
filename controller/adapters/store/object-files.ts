import type { FileSystem } from '../../ports/file-system.ts'
import type { Kind, StoredObject } from '../../ports/store.ts'
import { ambiguous } from './errors.ts'
import { assertName, kinds, limitBytes, readObject, versionOf } from './objects.ts'

/** A file that could not be read as an object, and what was done about it. */
export interface BrokenFile {
  /** Below the store's directory. */
  readonly file: string
  /** Where it was put aside, below the store's directory. */
  readonly movedTo: string
  readonly message: string
}

export interface LoadedFiles {
  readonly objects: readonly StoredObject[]
  readonly broken: readonly BrokenFile[]
}

/** One file per object below `directory`, each replaced in one step, with the version before it kept beside. */
export interface ObjectFiles {
  load(): Promise<LoadedFiles>
  save(object: StoredObject, text: string): Promise<void>
  remove(kind: Kind, name: string): Promise<void>
}

const suffix = '.json'
const previousSuffix = '.json.previous'
/** How many files are read at once at start: more make it no faster and need more memory. */
const readsAtOnce = 8

export function createObjectFiles({
  directory,
  fileSystem,
}: {
  readonly directory: string
  readonly fileSystem: FileSystem
}): ObjectFiles {
  return { load, save, remove }

  async function load(): Promise<LoadedFiles> {
    const objects: StoredObject[] = []
    const broken: BrokenFile[] = []
    for (const kind of kinds) {
      await fileSystem.makeDirectory(folderOf(kind))
      const files = await fileSystem.list(folderOf(kind))
      await removeLeftovers(kind, files)
      const names = files.filter((file) => file.endsWith(suffix)).map((file) => file.slice(0, -suffix.length))
      for (let start = 0; start < names.length; start += readsAtOnce) {
        const batch = names.slice(start, start + readsAtOnce)
        for (const found of await Promise.all(batch.map((name) => loadOne(kind, name)))) {
          if (found.object !== undefined) objects.push(found.object)
          if (found.broken !== undefined) broken.push(found.broken)
        }
      }
    }
    return { objects, broken }
  }

  /** A crash leaves temporary files, or the previous version of an object whose removal it cut short. */
  async function removeLeftovers(kind: Kind, files: readonly string[]): Promise<void> {
    const present = new Set(files)
    for (const file of files) {
      const orphan = file.endsWith(previousSuffix) && !present.has(file.slice(0, -'.previous'.length))
      if (orphan || file.endsWith('.tmp')) await fileSystem.remove(`${folderOf(kind)}/${file}`)
    }
  }

  async function loadOne(
    kind: Kind,
    name: string,
  ): Promise<{ readonly object?: StoredObject; readonly broken?: BrokenFile }> {
    const path = pathOf(kind, name)
    const object = await readFile(path, kind, name)
    if (object !== undefined) return { object }
    const previous = await readFile(`${path}.previous`, kind, name)
    const broken = await putAside(kind, name, previous !== undefined)
    if (previous === undefined) return { broken }
    await replace(kind, name, JSON.stringify(previous))
    return { object: previous, broken }
  }

  async function readFile(path: string, kind: Kind, name: string): Promise<StoredObject | undefined> {
    const text = await fileSystem.read(path, 2 * limitBytes).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'FileTooLarge') return undefined
      throw error
    })
    return text === undefined ? undefined : readObject(text, kind, name)
  }

  async function putAside(kind: Kind, name: string, hasPrevious: boolean): Promise<BrokenFile> {
    const file = `${kind.toLowerCase()}/${name}${suffix}`
    const movedTo = `broken/${kind.toLowerCase()}-${name}${suffix}`
    await fileSystem.makeDirectory(`${directory}/broken`)
    await fileSystem.rename(`${directory}/${file}`, `${directory}/${movedTo}`)
    await fileSystem.syncDirectory(`${directory}/broken`)
    await fileSystem.syncDirectory(folderOf(kind))
    const outcome = hasPrevious ? 'the version before it is used' : 'there is no earlier version'
    return {
      file,
      movedTo,
      message: `${file} does not hold a whole ${kind}: moved to ${movedTo}; ${outcome}`,
    }
  }

  async function save(object: StoredObject, text: string): Promise<void> {
    const { kind } = object
    const { name } = object.metadata
    assertName(name)
    await keepPrevious(kind, name)
    await replace(kind, name, text)
  }

  /** A second name for the file that is about to be replaced: no data is copied. */
  async function keepPrevious(kind: Kind, name: string): Promise<void> {
    const path = pathOf(kind, name)
    await fileSystem.remove(`${path}.previous.tmp`)
    const linked = await fileSystem.link(path, `${path}.previous.tmp`)
    if (linked === 'Linked') await fileSystem.rename(`${path}.previous.tmp`, `${path}.previous`)
  }

  async function replace(kind: Kind, name: string, text: string): Promise<void> {
    const path = pathOf(kind, name)
    await fileSystem.write(`${path}.tmp`, text)
    await visible(async () => {
      await fileSystem.rename(`${path}.tmp`, path)
      await fileSystem.syncDirectory(folderOf(kind))
    })
  }

  async function remove(kind: Kind, name: string): Promise<void> {
    const path = pathOf(kind, name)
    await fileSystem.remove(`${path}.previous`)
    await visible(async () => {
      await fileSystem.remove(path)
      await fileSystem.syncDirectory(folderOf(kind))
    })
  }

  function folderOf(kind: Kind): string {
    return `${directory}/${kind.toLowerCase()}`
  }

  function pathOf(kind: Kind, name: string): string {
    return `${folderOf(kind)}/${name}${suffix}`
  }
}

/** The highest version in use: at least the given objects'. */
export function highestVersion(objects: readonly StoredObject[]): number {
  return objects.reduce(
    (highest, { metadata }) => Math.max(highest, versionOf(metadata.resourceVersion) ?? 0),
    0,
  )
}

async function visible(action: () => Promise<void>): Promise<void> {
  try {
    await action()
  } catch (error) {
    throw ambiguous(error)
  }
}
