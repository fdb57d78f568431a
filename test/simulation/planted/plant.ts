import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { plantedBugs } from './bugs.ts'
import type { PlantedBug } from './bug.ts'

const root = new URL('../../../', import.meta.url)

/**
 * From now on the bug's file is loaded with the bug in it; a file that was loaded before stays as it is. Holds for this thread, and throws for a name that
 * is not in the table and for a bug whose text is no longer in its file.
 * https://nodejs.org/api/module.html#moduleregisterhooksoptions
 */
export function registerPlantedBug(name: string): void {
  const bug = bugNamed(name)
  plantedSource(bug, readFileSync(fileOf(bug), 'utf8'))
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      return isFileOf(bug, url) ? { ...loaded, source: plantedSource(bug, textOf(loaded.source)) } : loaded
    },
  })
}

/** The file's text with the bug in it; throws unless the text to replace occurs exactly once. */
export function plantedSource({ name, file, find, replace }: PlantedBug, source: string): string {
  const [before = '', after, ...more] = source.split(find)
  if (after !== undefined && more.length === 0) return `${before}${replace}${after}`
  const times = after === undefined ? 'no more' : `${more.length + 1} times`
  throw new Error(`planted bug ${name}: the text to replace occurs ${times} in ${file}`)
}

/** Where the bug's file is on this machine. */
export const fileOf = (bug: PlantedBug): URL => new URL(bug.file, root)

function bugNamed(name: string): PlantedBug {
  const bug = plantedBugs.find((candidate) => candidate.name === name)
  if (bug !== undefined) return bug
  const known = plantedBugs.map((candidate) => candidate.name).join(', ')
  throw new Error(`there is no planted bug ${JSON.stringify(name)}; there are ${known}`)
}

/** A module may be asked for with a query, to load it once more. */
const isFileOf = (bug: PlantedBug, url: string): boolean => url.replace(/[?#].*$/s, '') === fileOf(bug).href

function textOf(source: string | NodeJS.ArrayBufferView | ArrayBuffer | null | undefined): string {
  if (typeof source === 'string') return source
  if (source === null || source === undefined) throw new Error('the module loader gave no source to plant in')
  return new TextDecoder().decode(source)
}
