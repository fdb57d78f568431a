import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A program `terraform` that writes down what it is asked for before it goes on. */
export interface CountedTerraform {
  /** The folder to put first on the path. */
  readonly path: string
  /** First words of the processes so far, oldest first. */
  commands(): string[]
}

/** Puts such a program into a folder through which other users can pass; `real` is the one that it becomes. */
export function countedTerraform(folder: string, real = realTerraform()): CountedTerraform {
  const path = join(folder, 'bin')
  const counts = join(folder, 'counts')
  mkdirSync(path)
  writeFileSync(counts, '')
  // Each run has a user of its own, who must be able to write here.
  chmodSync(counts, 0o666)
  writeFileSync(join(path, 'terraform'), `#!/bin/sh\necho "$1" >> '${counts}'\nexec '${real}' "$@"\n`, {
    mode: 0o755,
  })
  return { path, commands: () => readFileSync(counts, 'utf8').split('\n').filter(Boolean) }
}

function realTerraform(): string {
  return spawnSync('sh', ['-c', 'command -v terraform'], { encoding: 'utf8' }).stdout.trim()
}
