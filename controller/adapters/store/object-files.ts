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

const suffix = '.json'
const previousSuffix = '.json.previous'
/** How many files are read at once at start: more make it no faster and need more memory. */
const readsAtOnce = 8

/** One file per object below `directory`, each replaced in one step, with the version before it kept beside. */
export class ObjectFiles {
  readonly #store: string
  readonly #directory: string
  readonly #fileSystem: FileSystem

  constructor({
    store,
    directory,
    fileSystem,
  }: {
    /** Broken files are put aside below it. */
    readonly store: string
    /** The part of the store that is ours. */
    readonly directory: string
    readonly fileSystem: FileSystem
  }) {
    this.#store = store
    this.#directory = directory
    this.#fileSystem = fileSystem
  }

  async load(): Promise<LoadedFiles> {
    const objects: StoredObject[] = []
    const broken: BrokenFile[] = []
    for (const kind of kinds) {
      await this.#fileSystem.makeDirectory(this.#folderOf(kind))
      const files = await this.#fileSystem.list(this.#folderOf(kind))
      await this.#removeLeftovers(kind, files)
      const names = files.filter((file) => file.endsWith(suffix)).map((file) => file.slice(0, -suffix.length))
      for (let start = 0; start < names.length; start += readsAtOnce) {
        const batch = names.slice(start, start + readsAtOnce)
        for (const found of await Promise.all(batch.map((name) => this.#loadOne(kind, name)))) {
          if (found.object !== undefined) objects.push(found.object)
          if (found.broken !== undefined) broken.push(found.broken)
        }
      }
    }
    return { objects, broken }
  }

  /** A crash leaves temporary files, or the previous version of an object whose removal it cut short. */
  async #removeLeftovers(kind: Kind, files: readonly string[]): Promise<void> {
    const present = new Set(files)
    for (const file of files) {
      const orphan = file.endsWith(previousSuffix) && !present.has(file.slice(0, -'.previous'.length))
      if (orphan || file.endsWith('.tmp')) await this.#fileSystem.remove(`${this.#folderOf(kind)}/${file}`)
    }
  }

  async #loadOne(
    kind: Kind,
    name: string,
  ): Promise<{ readonly object?: StoredObject; readonly broken?: BrokenFile }> {
    const path = this.#pathOf(kind, name)
    const object = await this.#readFile(path, kind, name)
    if (object !== undefined) return { object }
    const previous = await this.#readFile(`${path}.previous`, kind, name)
    const broken = await this.#putAside(kind, name, previous !== undefined)
    if (previous === undefined) return { broken }
    await this.#replace(kind, name, JSON.stringify(previous))
    return { object: previous, broken }
  }

  async #readFile(path: string, kind: Kind, name: string): Promise<StoredObject | undefined> {
    const text = await this.#fileSystem.read(path, 2 * limitBytes).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'FileTooLarge') return undefined
      throw error
    })
    return text === undefined ? undefined : readObject(text, kind, name)
  }

  async #putAside(kind: Kind, name: string, hasPrevious: boolean): Promise<BrokenFile> {
    const path = this.#pathOf(kind, name)
    const file = path.slice(this.#store.length + 1)
    const movedTo = `broken/${kind.toLowerCase()}-${name}${suffix}`
    await this.#fileSystem.makeDirectory(`${this.#store}/broken`)
    await this.#fileSystem.rename(path, `${this.#store}/${movedTo}`)
    await this.#fileSystem.syncDirectory(`${this.#store}/broken`)
    await this.#fileSystem.syncDirectory(this.#folderOf(kind))
    const outcome = hasPrevious ? 'the version before it is used' : 'there is no earlier version'
    return {
      file,
      movedTo,
      message: `${file} does not hold a whole ${kind}: moved to ${movedTo}; ${outcome}`,
    }
  }

  async save(object: StoredObject, text: string): Promise<void> {
    const { kind } = object
    const { name } = object.metadata
    assertName(name)
    await this.#keepPrevious(kind, name)
    await this.#replace(kind, name, text)
  }

  /** A second name for the file that is about to be replaced: no data is copied. */
  async #keepPrevious(kind: Kind, name: string): Promise<void> {
    const path = this.#pathOf(kind, name)
    await this.#fileSystem.remove(`${path}.previous.tmp`)
    const linked = await this.#fileSystem.link(path, `${path}.previous.tmp`)
    if (linked === 'Linked') await this.#fileSystem.rename(`${path}.previous.tmp`, `${path}.previous`)
  }

  async #replace(kind: Kind, name: string, text: string): Promise<void> {
    const path = this.#pathOf(kind, name)
    await this.#fileSystem.write(`${path}.tmp`, text)
    await visible(async () => {
      await this.#fileSystem.rename(`${path}.tmp`, path)
      await this.#fileSystem.syncDirectory(this.#folderOf(kind))
    })
  }

  async remove(kind: Kind, name: string): Promise<void> {
    const path = this.#pathOf(kind, name)
    await this.#fileSystem.remove(`${path}.previous`)
    await visible(async () => {
      await this.#fileSystem.remove(path)
      await this.#fileSystem.syncDirectory(this.#folderOf(kind))
    })
  }

  #folderOf(kind: Kind): string {
    return `${this.#directory}/${kind.toLowerCase()}`
  }

  #pathOf(kind: Kind, name: string): string {
    return `${this.#folderOf(kind)}/${name}${suffix}`
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
