import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { Town } from './town.ts'

const MAIN = new URL('../../controller/main.ts', import.meta.url).pathname

/** How the command ended, and the one object that it printed. */
export interface Told {
  readonly code: number
  readonly value: {
    readonly adoptable: boolean
    readonly refusals: readonly unknown[]
    readonly moves: readonly { readonly kind: string }[]
    readonly done: readonly { readonly kind: string }[]
    readonly files: readonly { readonly path: string }[]
  }
}

/** `steersman adopt demo web` as a process, with a way for tests on port 8081; rejects where it printed no answer. */
export function adopt(town: Town, ...words: readonly string[]): Promise<Told> {
  const config = join(town.dataDir, '../config')
  const args = [
    MAIN,
    'adopt',
    'demo',
    'web',
    '--config',
    config,
    '--test-port',
    '8081',
    '-o',
    'json',
    ...words,
  ]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { env: { ...process.env, ...town.variables() } }, (error, out, err) => {
      if (out === '') reject(new Error(err))
      else resolve({ code: Number(error?.code ?? 0), value: JSON.parse(out) as Told['value'] })
    })
  })
}
