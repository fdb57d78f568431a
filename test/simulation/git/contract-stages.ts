import { describe } from 'vitest'

import { createGitSource } from '../../../controller/adapters/git/source.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import type { Source } from '../../../controller/ports/source.ts'
import { createTestSource } from '../../support/git-source.ts'
import { createRepository } from '../../support/repository.ts'
import type { TestRepository, TreeEntry } from '../../support/repository.ts'
import { requires } from '../../support/requires.ts'
import { MemoryRemote } from './remote.ts'
import { createMemorySource, createMirror } from './source.ts'
import type { FileEntry } from './tree.ts'

export interface StoryCommit {
  readonly files: Readonly<Record<string, FileEntry>>
  readonly removed?: readonly string[]
  readonly branch?: string
  readonly message?: string
  readonly parents?: readonly string[]
  /** Milliseconds since the epoch; without it, a second after the commit before. */
  readonly at?: number
}

/** A repository that people change, and the sources that read it: the same words over real git and over memory. */
export interface Stage {
  /** Of one controller with a mirror of its own. */
  readonly source: Source
  /** The next life of that controller: the same mirror. */
  restart(): Source
  /** Another controller: another mirror. */
  another(): Source
  commit(request: StoryCommit): string
  forcePush(branch: string, commit: string): void
  /** Without a message a lightweight tag; returns the object's id. */
  moveTag(name: string, target: string, message?: string): string
  deleteTag(name: string): void
  deleteBranch(branch: string): void
  branchHead(branch: string): string | undefined
  goAway(): void
  comeBack(): void
  close(): void
}

const DEVELOPER = 'Dora Developer <dora@example.com>'
const START = 1_760_000_000_000

/** Tells the same stories of a source over memory and, where git is, of one over git. */
export function describeStages(stories: (create: () => Stage) => void): void {
  const git = requires('git')
  describe('a source over memory', () => stories(createMemoryStage))
  describe.skipIf(git.missing !== undefined)(git.title('a source over git'), () => stories(createGitStage))
}

/** Over memory. */
export function createMemoryStage(): Stage {
  const remote = new MemoryRemote({ clock: { now: () => START } })
  const mirror = createMirror()
  let commits = 0
  return {
    source: createMemorySource({ remote, mirror }),
    restart: () => createMemorySource({ remote, mirror }),
    another: () => createMemorySource({ remote, mirror: createMirror() }),
    commit: (request) =>
      remote.commit({
        branch: 'main',
        message: 'Change',
        author: DEVELOPER,
        at: START + (commits += 1) * 1_000,
        ...request,
      }),
    forcePush: (branch, commit) => remote.forcePush(branch, commit),
    moveTag: (name, target, message) =>
      remote.moveTag(
        name,
        target,
        message === undefined ? undefined : { message, tagger: DEVELOPER, at: START },
      ),
    deleteTag: (name) => remote.deleteTag(name),
    deleteBranch: (branch) => remote.deleteBranch(branch),
    branchHead: (branch) => remote.branchHead(branch),
    goAway: () => remote.goAway(),
    comeBack: () => remote.comeBack(),
    close: () => undefined,
  }
}

/** Over real git processes and a repository in a directory. */
export function createGitStage(): Stage {
  const repository = createRepository()
  const first = createTestSource(repository.path)
  const others: { remove(): void }[] = []
  return {
    source: first.source,
    restart: () =>
      createGitSource({
        repository: { url: repository.path, credentials: undefined },
        mirrorDir: first.mirrorDir,
        clock: systemClock,
        timeoutMs: 20_000,
      }),
    another() {
      const other = createTestSource(repository.path)
      others.push(other)
      return other.source
    },
    commit: (request) => commitWithGit(repository, request),
    forcePush: (branch, commit) => repository.setBranch(branch, commit),
    moveTag: (name, target, message) =>
      repository.tag(name, target, message === undefined ? {} : { message }),
    deleteTag: (name) => repository.deleteTag(name),
    deleteBranch: (branch) => repository.deleteBranch(branch),
    branchHead: (branch) => repository.head(branch),
    goAway: () => repository.goAway(),
    comeBack: () => repository.comeBack(),
    close() {
      for (const each of [first, ...others, repository]) each.remove()
    },
  }
}

function commitWithGit(repository: TestRepository, request: StoryCommit): string {
  const { files, removed = [], at, message = 'Change', branch, parents } = request
  const entries = Object.entries(files).map(([path, file]) => [path, treeEntry(file)] as const)
  const removals = removed.filter((path) => !(path in files)).map((path) => [path, null] as const)
  return repository.commit(Object.fromEntries<TreeEntry>([...removals, ...entries]), {
    message,
    ...(branch === undefined ? {} : { branch }),
    ...(parents === undefined ? {} : { parents }),
    ...(at === undefined ? {} : { at: Math.floor(at / 1_000) }),
  })
}

const MODES = { file: '100644', executable: '100755', symlink: '120000', submodule: '160000' } as const

function treeEntry(file: FileEntry): TreeEntry {
  if (typeof file === 'string') return file
  return { mode: MODES[file.mode], content: 'bytes' in file ? file.bytes : file.target }
}
