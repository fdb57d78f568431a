import { PortError } from '../../controller/ports/error.ts'
import type { FileSystem } from '../../controller/ports/file-system.ts'
import type { Random } from '../../controller/ports/random.ts'

interface File {
  text: string
  /** What surely is on the disk. */
  synced: string
  /** How much of the beginning no crash can take: what was synced before something was appended to it. */
  safe: number
}

/** The machine lost power: no call answers until `restart`. */
export class Crashed extends Error {}

/**
 * Files in memory that behave as badly as a real disk may: a call can crash half-way, unsynced content is cut, filled with zeros or lost, and
 * every directory entry that was not synced may be there or not.
 */
export class MemoryFileSystem implements FileSystem {
  readonly #random: Random
  readonly #directories = new Map<string, { now: Map<string, File>; synced: Map<string, File> }>()
  readonly #folders = new Map<string, readonly string[]>()
  /** Directories whose new name may not be on the disk yet. */
  #renamed: { readonly from: string; readonly to: string }[] = []
  #calls = 0
  #crashAt = Infinity
  #down = false
  #full = false

  constructor(random: Random) {
    this.#random = random
  }

  /** How many changing calls were made. */
  get calls(): number {
    return this.#calls
  }

  /** Crashes in the middle of the changing call with this number (from 1 on, counted over the file system's life). */
  crashAt(call: number): void {
    this.#crashAt = call
  }

  get isFull(): boolean {
    return this.#full
  }

  /** While full, writes leave a part behind and reject with StoreFull. */
  setFull(full: boolean): void {
    this.#full = full
  }

  /** Power is back: what was not synced has had its fate. */
  restart(): void {
    this.#down = false
    this.#crashAt = Infinity
    for (const { from, to } of this.#renamed.splice(0).toReversed()) if (this.#chance()) this.#move(to, from)
    for (const directory of this.#directories.values()) {
      const names = new Set([...directory.now.keys(), ...directory.synced.keys()])
      const left = new Map<string, File>()
      for (const name of names) {
        const file = this.#chance() ? directory.now.get(name) : directory.synced.get(name)
        if (file !== undefined) left.set(name, file)
      }
      directory.now = left
      directory.synced = new Map(left)
    }
    for (const file of this.#allFiles()) {
      file.text = this.#fate(file)
      file.synced = file.text
      file.safe = file.text.length
    }
  }

  /** Every file below a directory as it now reads, by path: for whoever looks on without being part of it. */
  texts(below: string): ReadonlyMap<string, string> {
    const inside = [...this.#directories].filter(([path]) => path === below || path.startsWith(`${below}/`))
    return new Map(
      inside.flatMap(([path, { now }]) => [...now].map(([name, { text }]) => [`${path}/${name}`, text])),
    )
  }

  /** Names of the directories right below one: the same list until there are others. */
  folders(below: string): readonly string[] {
    const known = this.#folders.get(below)
    if (known !== undefined) return known
    const names = [...this.#directories.keys()].filter((path) => folderOf(path) === below).map(nameOf)
    this.#folders.set(below, names)
    return names
  }

  /** One file as it now reads; undefined when there is none. */
  textOf(path: string): string | undefined {
    return this.#file(path)?.text
  }

  /** Overwrites a file as bad hardware would, without any rule. */
  damage(path: string, text: string): void {
    const file = this.#file(path)
    if (file === undefined) throw new Error(`no file ${path}`)
    file.text = text
    file.synced = text
  }

  async read(path: string, limitBytes: number): Promise<string | undefined> {
    await this.#turn()
    const text = this.#file(path)?.text
    if (text !== undefined && Buffer.byteLength(text) > limitBytes) {
      throw new PortError(`${path} is too large`, { code: 'FileTooLarge', handling: 'stall' })
    }
    return text
  }

  async write(path: string, text: string): Promise<void> {
    await this.#turn()
    const file = this.#file(path) ?? this.#enter(path, { text: '', synced: '', safe: 0 })
    file.text = ''
    file.safe = 0
    this.#put(file, text)
  }

  async append(path: string, text: string): Promise<void> {
    await this.#turn()
    this.#put(this.#file(path) ?? this.#enter(path, { text: '', synced: '', safe: 0 }), text)
  }

  async size(path: string): Promise<number | undefined> {
    await this.#turn()
    const file = this.#file(path)
    return file === undefined ? undefined : Buffer.byteLength(file.text)
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#turn()
    if (this.#directories.has(from)) return this.#renameFolder(from, to)
    const file = this.#file(from)
    if (file === undefined) throw new PortError(`no ${from}`, { code: 'StoreUnavailable', handling: 'retry' })
    this.#change(() => {
      this.#entries(from).delete(nameOf(from))
      this.#enter(to, file)
    })
  }

  async link(from: string, to: string): Promise<'Linked' | 'Exists' | 'Missing'> {
    await this.#turn()
    const file = this.#file(from)
    if (file === undefined) return 'Missing'
    if (this.#file(to) !== undefined) return 'Exists'
    this.#change(() => this.#enter(to, file))
    return 'Linked'
  }

  async remove(path: string): Promise<boolean> {
    await this.#turn()
    if (this.#file(path) === undefined) return false
    this.#change(() => this.#entries(path).delete(nameOf(path)))
    return true
  }

  async syncDirectory(path: string): Promise<void> {
    await this.#turn()
    const directory = this.#directories.get(path)
    if (directory === undefined) throw missing(path)
    this.#change(() => {
      directory.synced = new Map(directory.now)
      this.#renamed = this.#renamed.filter(({ to }) => folderOf(to) !== path)
    })
  }

  async list(path: string): Promise<readonly string[]> {
    await this.#turn()
    return [...(this.#directories.get(path)?.now.keys() ?? []), ...this.folders(path)].toSorted()
  }

  async makeDirectory(path: string): Promise<void> {
    await this.#turn()
    if (this.#directories.has(path)) return
    this.#change(() => {
      this.#directories.set(path, { now: new Map(), synced: new Map() })
      this.#folders.clear()
    })
  }

  /** Every call takes a turn of the event loop's microtasks, as callers of a real disk must expect. */
  async #turn(): Promise<void> {
    await Promise.resolve()
    if (this.#down) throw new Crashed('the machine is down')
  }

  #renameFolder(from: string, to: string): void {
    if (this.#directories.has(to))
      throw new PortError(`${to} exists`, { code: 'StoreUnavailable', handling: 'retry' })
    this.#change(() => {
      this.#move(from, to)
      this.#renamed.push({ from, to })
    })
  }

  #move(from: string, to: string): void {
    const inside = [...this.#directories].filter(([path]) => path === from || path.startsWith(`${from}/`))
    for (const [path, directory] of inside) {
      this.#directories.delete(path)
      this.#directories.set(`${to}${path.slice(from.length)}`, directory)
    }
    this.#folders.clear()
  }

  #put(file: File, text: string): void {
    if (this.#full) {
      file.text += text.slice(0, Math.floor(this.#random.next() * text.length))
      throw new PortError('no space left', { code: 'StoreFull', handling: 'retry' })
    }
    const before = file.text
    this.#change(
      () => {
        file.text = before + text
        file.synced = file.text
        file.safe = file.text.length
      },
      () => {
        file.text = before + text.slice(0, Math.floor(this.#random.next() * (text.length + 1)))
      },
    )
  }

  #change(whole: () => unknown, torn: () => unknown = () => (this.#chance() ? whole() : undefined)): void {
    this.#calls += 1
    if (this.#calls < this.#crashAt) {
      whole()
      return
    }
    torn()
    this.#down = true
    throw new Crashed(`the machine went down in call ${this.#calls}`)
  }

  #fate(file: File): string {
    if (file.text === file.synced) return file.text
    const cut = file.safe + Math.floor(this.#random.next() * (file.text.length - file.safe + 1))
    const kept = file.text.slice(0, cut)
    const fates = [file.synced, file.text, kept, kept + '\0'.repeat(file.text.length - kept.length)]
    return fates[Math.floor(this.#random.next() * fates.length)] ?? ''
  }

  #chance(): boolean {
    return this.#random.next() < 0.5
  }

  #allFiles(): Set<File> {
    return new Set([...this.#directories.values()].flatMap(({ now }) => [...now.values()]))
  }

  #entries(path: string): Map<string, File> {
    const directory = this.#directories.get(folderOf(path))
    if (directory === undefined) throw missing(folderOf(path))
    return directory.now
  }

  #file(path: string): File | undefined {
    return this.#directories.get(folderOf(path))?.now.get(nameOf(path))
  }

  #enter(path: string, file: File): File {
    this.#entries(path).set(nameOf(path), file)
    return file
  }
}

const missing = (directory: string): PortError =>
  new PortError(`no directory ${directory}`, { code: 'StoreUnavailable', handling: 'retry' })

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
