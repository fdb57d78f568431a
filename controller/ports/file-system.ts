/**
 * The few calls on files that the store, the leases and the history need, so that a simulation can hold the disk in memory and crash it.
 * Paths are POSIX paths. Errors are PortErrors: `StoreFull` (retry), `StoreUnavailable` (retry), `FileTooLarge` (stall).
 */
export interface FileSystem {
  /** The whole file as UTF-8, or undefined when it does not exist; refused over `limitBytes`. */
  read(path: string, limitBytes: number): Promise<string | undefined>
  /** Creates or truncates the file, writes all of `text` and syncs the file's content (not its directory entry). */
  write(path: string, text: string): Promise<void>
  /** Adds `text` to the end, creating the file when needed, and syncs the content. A failure may leave a part of it behind. */
  append(path: string, text: string): Promise<void>
  /** In bytes; undefined when the file does not exist. */
  size(path: string): Promise<number | undefined>
  /** Replaces `to` in one step. */
  rename(from: string, to: string): Promise<void>
  /** Gives the file at `from` a second name in one step: of several callers for one `to`, exactly one is told `Linked`. */
  link(from: string, to: string): Promise<'Linked' | 'Exists' | 'Missing'>
  /** False when there was no such file. */
  remove(path: string): Promise<boolean>
  /** Makes the directory's entries (creations, renames, removals) survive a crash. */
  syncDirectory(path: string): Promise<void>
  /** Names of the files and directories in it, sorted; empty when the directory does not exist. */
  list(path: string): Promise<readonly string[]>
  /** With its parents, readable by the owner only; nothing happens when it exists. The new entries are synced. */
  makeDirectory(path: string): Promise<void>
}
