import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { World } from './world.ts'

export interface StateFile {
  /** Saves a last time and stops looking. */
  close(): void
}

/** How often the world is compared with the file: tasks start and targets fail without anybody calling. */
const LOOK_EVERY_MS = 1000
/** A large world is compared less often: that takes no more than this part of the time. */
const LOOKS_TAKE = 0.05

/** Loads a world from a file where there is one, and keeps the file current by atomic replacement. */
export function createStateFile(world: World, path: string): StateFile {
  let saved = readIfThere(path)
  if (saved !== undefined) world.load(parsed(saved, path))

  function save(): void {
    const text = JSON.stringify(world.dump())
    if (text === saved) return
    replace(path, text)
    saved = text
  }

  function lookLater(afterMs: number): NodeJS.Timeout {
    const look = (): void => {
      const startedAt = performance.now()
      save()
      timer = lookLater(Math.max(LOOK_EVERY_MS, (performance.now() - startedAt) / LOOKS_TAKE))
    }
    return setTimeout(look, afterMs).unref()
  }

  let timer = lookLater(LOOK_EVERY_MS)
  return {
    close() {
      clearTimeout(timer)
      save()
    },
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw cause
  }
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`the state file ${path} is not JSON; remove it to start afresh`, { cause })
  }
}

function replace(path: string, text: string): void {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    writeFileSync(temporary, text, { mode: 0o600, flush: true })
    renameSync(temporary, path)
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw cause
  }
}
