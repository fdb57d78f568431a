import { mirrorDamaged } from './errors.ts'
import type { ObjectStore } from './objects.ts'

/** The controller's local copy of a repository: like the files of a disk it outlives the controller that made it. */
export interface MemoryMirror {
  objects: ObjectStore
  /** Object ids by full name, as the last fetch left them. */
  references: Map<string, string>
  /** Set it to break the copy: the next operation finds out, removes it and rejects with MirrorDamaged. */
  isDamaged: boolean
}

/** An empty local copy: a new disk. */
export function createMirror(): MemoryMirror {
  return { objects: new Map(), references: new Map(), isDamaged: false }
}

/** Removes a damaged copy and says so, as the real adapter does when git finds it broken. */
export function assertSound(mirror: MemoryMirror, writes: boolean): void {
  if (!mirror.isDamaged) return
  Object.assign(mirror, createMirror())
  throw mirrorDamaged(writes)
}
