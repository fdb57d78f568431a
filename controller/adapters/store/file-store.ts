import type { Clock } from '../../ports/clock.ts'
import type { FileSystem } from '../../ports/file-system.ts'
import type { Kind, NewObject, Store, StoredObject } from '../../ports/store.ts'
import { alreadyExists, conflict, notFound, unavailable } from './errors.ts'
import type { BrokenFile } from './object-files.ts'
import { highestVersion, ObjectFiles } from './object-files.ts'
import { createObjectTable } from './object-table.ts'
import { assertName, canonical, newObject, versionOf, withSpec, withStatus, withVersion } from './objects.ts'
import { plain } from './plain.ts'
import { openVersionCounter } from './version-counter.ts'
import type { Epochs } from './store-claim.ts'
import { claimStore } from './store-claim.ts'
import type { Change } from './watch-log.ts'
import { createWatchLog } from './watch-log.ts'
import { createWriteQueue } from './write-queue.ts'

export interface FileStoreOptions {
  readonly directory: string
  readonly fileSystem: FileSystem
  readonly clock: Clock
  /** A new UUID with each call. */
  readonly uid: () => string
  /** Of the lease that whoever writes must hold; left out where nobody else can open the store. */
  readonly epochs?: Epochs
  /** How many changes a watch may lie behind before it expires. */
  readonly watchBacklog?: number
}

export interface FileStore extends Store {
  /** Reads every file; tells which ones were broken and put aside. Every call loads by itself if this one was not made. */
  load(): Promise<readonly BrokenFile[]>
  /** Waits for the writes under way, ends every watch and refuses further calls. */
  close(): Promise<void>
}

const waitingWritesLimit = 10_000

/**
 * Objects as files below `directory`, for one controller on one machine: whoever writes must hold the lease beside it, and whoever opens it takes it from
 * the holder before. Reads come from memory. A write has reached the disk when it resolves; one that fails has changed nothing, unless its error is `ambiguous`.
 */
export function createFileStore(options: FileStoreOptions): FileStore {
  const queue = createWriteQueue(waitingWritesLimit)
  let opened: Promise<OpenStore> | undefined
  let closed = false

  return {
    load: async () => (await open()).broken,
    get: async (kind, name) => (await open()).get(kind, name),
    list: async (kind, listOptions) => (await open()).list(kind, listOptions?.labels),
    create: (object) => write((store) => store.create(object)),
    update: (object) => write((store) => store.replace(object, withSpec)),
    // The spec counts for nothing here, so it is not copied either.
    updateStatus: (object) => write((store) => store.replace({ ...object, spec: {} }, withStatus)),
    delete: (kind, name) => write((store) => store.remove(kind, name)),
    watch,
    async close() {
      closed = true
      await queue.close()
      const store = await opened?.catch(() => undefined)
      store?.close()
    },
  }

  function open(): Promise<OpenStore> {
    if (closed) return Promise.reject(unavailable('the store is closed'))
    opened ??= openStore(options).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }

  function write<Result>(action: (store: OpenStore) => Promise<Result>): Promise<Result> {
    return queue.run(async () => action(await open()))
  }

  /** The start is settled by the call, not by the first read of the iterator: nothing in between is missed. */
  function watch(watchOptions: Parameters<Store['watch']>[0]): ReturnType<Store['watch']> {
    const started = open().then((store) => store.watch(watchOptions))
    started.catch(() => undefined)
    return (async function* () {
      yield* await started
    })()
  }
}

type OpenStore = Awaited<ReturnType<typeof openStore>>

async function openStore({ fileSystem, clock, uid, watchBacklog = 1_000, ...where }: FileStoreOptions) {
  const { directory, files, objects, broken } = await openFiles({ fileSystem, ...where })
  const highestSeen = highestVersion(objects)
  const versions = await openVersionCounter({ directory, fileSystem, highestSeen })
  const log = createWatchLog({ start: versions.current(), limit: watchBacklog })
  const table = createObjectTable(objects)
  let committed = versions.current()

  return { broken, get, list, create, replace, remove, watch, close: () => log.close() }

  function get(kind: Kind, name: string): StoredObject | undefined {
    return table.get(kind, name)
  }

  function list(kind: Kind, labels: Readonly<Record<string, string>> = {}) {
    return { items: table.list(kind, labels), resourceVersion: String(committed) }
  }

  async function create(given: NewObject): Promise<StoredObject> {
    const { name } = given.metadata
    assertName(name)
    if (table.has(given.kind, name)) throw alreadyExists(given.kind, name)
    const version = await versions.next()
    const creationTimestamp = new Date(clock.now()).toISOString()
    return save(
      'ADDED',
      newObject(plain(given), { resourceVersion: String(version), creationTimestamp, uid: uid() }),
    )
  }

  async function replace(given: StoredObject, change: typeof withSpec): Promise<StoredObject> {
    const stored = table.get(given.kind, given.metadata.name)
    assertCurrent(stored, given)
    const changed = change(stored, plain(given), stored.metadata.resourceVersion)
    if (changed === undefined) return stored
    return save('MODIFIED', withVersion(changed, String(await versions.next())))
  }

  async function save(type: 'ADDED' | 'MODIFIED', wanted: StoredObject): Promise<StoredObject> {
    const { text, object } = canonical(wanted)
    await files.save(object, text)
    table.set(object, text)
    commit(type, object)
    return object
  }

  async function remove(kind: Kind, name: string): Promise<void> {
    const stored = table.get(kind, name)
    if (stored === undefined) throw notFound(kind, name)
    const version = String(await versions.next())
    await files.remove(kind, name)
    table.remove(kind, name)
    commit('DELETED', canonical(withVersion(stored, version)).object)
  }

  function commit(type: Change['type'], object: StoredObject): void {
    committed = versionOf(object.metadata.resourceVersion) ?? committed
    log.add({ version: committed, type, object })
  }

  function watch({ kinds, resourceVersion, signal }: Parameters<Store['watch']>[0]) {
    const after = resourceVersion === undefined ? committed : (versionOf(resourceVersion) ?? -1)
    return log.watch({ kinds, after, signal })
  }
}

async function openFiles({
  directory: store,
  fileSystem,
  epochs,
}: Pick<FileStoreOptions, 'directory' | 'fileSystem' | 'epochs'>) {
  const directory = await claimStore({ directory: store, fileSystem, epochs })
  const files = new ObjectFiles({ store, directory, fileSystem })
  return { directory, files, ...(await files.load()) }
}

/** Throws `NotFound` or `Conflict` unless the caller has seen the newest version of this very object. */
function assertCurrent(
  stored: StoredObject | undefined,
  given: StoredObject,
): asserts stored is StoredObject {
  const { name, resourceVersion, uid } = given.metadata
  if (stored === undefined) throw notFound(given.kind, name)
  if (stored.metadata.resourceVersion !== resourceVersion || stored.metadata.uid !== uid) {
    throw conflict(given.kind, name)
  }
}
