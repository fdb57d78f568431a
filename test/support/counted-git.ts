import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A program `git` that notes which of its commands a controller starts, and then is git. */
export interface CountedGit {
  /** The value of PATH with which it is found. */
  readonly path: string
  /** The commands since that was asked last, in order; those that people or git itself start are not among them. */
  started(): readonly string[]
}

/** Puts it into a folder. */
export function createCountedGit(folder: string, outerPath = process.env['PATH'] ?? ''): CountedGit {
  const programs = join(folder, 'bin')
  const log = join(folder, 'git.log')
  mkdirSync(programs)
  writeFileSync(join(programs, 'git'), script(outerPath, log), { mode: 0o755 })
  let seen = 0
  return {
    path: `${programs}${delimiter}${outerPath}`,
    started() {
      const all = existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : []
      const fresh = all.slice(seen)
      seen = all.length
      return fresh
    },
  }
}

/** The command is the first word that is neither an option nor the setting behind a `-c`. A controller's git has its mirror for a home. */
const script = (outerPath: string, log: string): string => `#!/bin/sh
PATH='${outerPath}'
before=
for word in "$@"; do
  case "$before $word" in
    '-c '*) before= ;;
    ' -c') before=-c ;;
    ' -'*) ;;
    *)
      if [ "$HOME" = "$GIT_DIR" ]; then echo "$word" >> '${log}'; fi
      break
      ;;
  esac
done
exec git "$@"
`
