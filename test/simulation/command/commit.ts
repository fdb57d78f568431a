import { execFileSync } from 'node:child_process'

/** The short id of the commit that is checked out, with a `+` where tracked files have changes; `unknown` outside of a clone. */
export function currentCommit(): string {
  try {
    const id = git(['rev-parse', '--short', 'HEAD']).trim()
    const changes = git(['status', '--porcelain', '--untracked-files=no', '--', 'controller', 'test'])
    return changes === '' ? id : `${id}+`
  } catch {
    return 'unknown'
  }
}

const git = (given: readonly string[]): string =>
  execFileSync('git', given, { encoding: 'utf8', timeout: 10_000, stdio: ['ignore', 'pipe', 'ignore'] })
