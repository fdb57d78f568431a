import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { CommitOptions, TreeEntry } from './commit.ts'
import { fastImport } from './fast-import.ts'

export type { CommitOptions, TreeEntry }

export interface TagOptions {
  /** Given: an annotated tag. */
  readonly message?: string
  readonly settings?: readonly string[]
  readonly sign?: boolean
}

/** A real bare git repository in a fresh directory, changed by git's own commands as a developer's pushes would change it. */
export interface TestRepository {
  readonly path: string
  git(
    args: readonly string[],
    input?: string | Buffer,
    environment?: Readonly<Record<string, string>>,
  ): string
  /** Writes a commit on top of the branch's head; `null` removes a file; a mode of `120000` is a link, `160000` a submodule (content: commit id). */
  commit(files: Readonly<Record<string, TreeEntry>>, options?: CommitOptions): string
  head(branch?: string): string | undefined
  /** Makes or moves a tag; returns the id of the object that the reference names. */
  tag(name: string, target: string, options?: TagOptions): string
  /** Sets a branch, whatever it pointed to: what a forced push does. */
  setBranch(branch: string, commit: string): void
  deleteBranch(branch: string): void
  deleteTag(name: string): void
  /** Makes the repository answer "not found" until it comes back. */
  goAway(): void
  comeBack(): void
  /** A hook of the server that prints the message and refuses. */
  refusePushes(message: string): void
  acceptPushes(): void
  remove(): void
}

const DEFAULT_AT = 1_760_000_000

/** Makes an empty bare repository whose default branch is `main`. */
export function createRepository(): TestRepository {
  const directory = mkdtempSync(join(tmpdir(), 'steersman-test-repository-'))
  const path = join(directory, 'upstream.git')
  mkdirSync(path)
  const git: TestRepository['git'] = (args, input, environment) => runGit(path, args, input, environment)
  git(['init', '--quiet', '--bare', '--initial-branch=main', '--template=', path])
  const { lineOf } = createIndexLines(git)
  let commits = 0
  return {
    path,
    git,
    commit: (files, options = {}) => {
      const at = options.at ?? DEFAULT_AT + (commits += 1)
      return writeCommit(git, { path, files, options, at, lineOf })
    },
    head: (branch = 'main') => readReference(git, `refs/heads/${branch}`),
    tag: (name, target, options = {}) => writeTag(git, name, target, options),
    setBranch: (branch, commit) => void git(['update-ref', `refs/heads/${branch}`, commit]),
    deleteBranch: (branch) => void git(['update-ref', '-d', `refs/heads/${branch}`]),
    deleteTag: (name) => void git(['update-ref', '-d', `refs/tags/${name}`]),
    goAway: () => renameSync(path, `${path}.away`),
    comeBack: () => renameSync(`${path}.away`, path),
    refusePushes: (message) => writeHook(path, message),
    acceptPushes: () => rmSync(join(path, 'hooks', 'pre-receive'), { force: true }),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

function runGit(
  path: string,
  args: readonly string[],
  input: string | Buffer | undefined,
  environment: Readonly<Record<string, string>> = {},
): string {
  return execFileSync('git', args, {
    cwd: path,
    ...(input === undefined ? {} : { input }),
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    timeout: 30_000,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: dirname(path),
      LC_ALL: 'C',
      GIT_DIR: path,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'Dora Developer',
      GIT_AUTHOR_EMAIL: 'dora@example.com',
      GIT_COMMITTER_NAME: 'Dora Developer',
      GIT_COMMITTER_EMAIL: 'dora@example.com',
      GIT_AUTHOR_DATE: `${DEFAULT_AT} +0000`,
      GIT_COMMITTER_DATE: `${DEFAULT_AT} +0000`,
      ...environment,
    },
  })
    .toString('utf8')
    .trim()
}

function readReference(git: TestRepository['git'], name: string): string | undefined {
  return git(['for-each-ref', '--format=%(objectname)', name]).split('\n')[0] || undefined
}

function writeCommit(
  git: TestRepository['git'],
  request: {
    readonly path: string
    readonly files: Readonly<Record<string, TreeEntry>>
    readonly options: CommitOptions
    readonly at: number
    readonly lineOf: IndexLines['lineOf']
  },
): string {
  const { options, at } = request
  const branch = options.branch ?? 'main'
  const head = readReference(git, `refs/heads/${branch}`)
  const parents = options.parents ?? (head === undefined ? [] : [head])
  const message = `${options.message ?? `Change ${Object.keys(request.files).join(', ')}`}\n`
  const date = `${at} +0000`
  const imported = fastImport({ ...request, branch, parents, message, date })
  if (imported !== undefined) return git(['fast-import', '--quiet', '--done'], imported)
  const index = { GIT_INDEX_FILE: join(request.path, 'test-index') }
  git(['read-tree', ...(parents[0] === undefined ? ['--empty'] : [parents[0]])], undefined, index)
  const lines = Object.entries(request.files).map(([path, entry]) => request.lineOf(path, entry))
  git(['update-index', '-z', '--index-info'], lines.join(''), index)
  const tree = git(['write-tree'], undefined, index)
  const commit = git(
    [
      ...(options.settings ?? []).flatMap((setting) => ['-c', setting]),
      'commit-tree',
      tree,
      ...parents.flatMap((parent) => ['-p', parent]),
      ...(options.sign === true ? ['-S'] : []),
    ],
    message,
    { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
  )
  git(['update-ref', `refs/heads/${branch}`, commit])
  return commit
}

interface IndexLines {
  lineOf(path: string, entry: TreeEntry): string
}

/** Lines for `update-index`. A content is written to the repository once: a process of git for each of two thousand equal files takes longer than their test. */
function createIndexLines(git: TestRepository['git']): IndexLines {
  const written = new Map<string, string>()
  const write = (content: string | Buffer): string => {
    const key = Buffer.from(content).toString('latin1')
    const id = written.get(key) ?? git(['hash-object', '-w', '--stdin'], content)
    written.set(key, id)
    return id
  }
  return {
    lineOf(path, entry) {
      if (entry === null) return `0 ${'0'.repeat(40)}\t${path}\0`
      const { mode, content } =
        typeof entry === 'string' || Buffer.isBuffer(entry) ? { mode: '100644', content: entry } : entry
      const object = mode === '160000' ? content.toString() : write(content)
      return `${mode} ${object}\t${path}\0`
    },
  }
}

function writeTag(git: TestRepository['git'], name: string, target: string, options: TagOptions): string {
  const settings = (options.settings ?? []).flatMap((setting) => ['-c', setting])
  const kind = options.sign === true ? ['--sign'] : ['--annotate']
  const message =
    options.message === undefined && options.sign !== true ? [] : [...kind, '--cleanup=verbatim', '-F', '-']
  git(
    [...settings, 'tag', '--force', ...message, name, target],
    message.length === 0 ? undefined : `${options.message ?? name}\n`,
  )
  return readReference(git, `refs/tags/${name}`) ?? ''
}

function writeHook(path: string, message: string): void {
  const file = join(path, 'hooks', 'pre-receive')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' '${message.replaceAll("'", '')}' >&2\nexit 1\n`)
  chmodSync(file, 0o755)
}
