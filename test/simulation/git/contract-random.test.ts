import { describe, expect, it } from 'vitest'

import { PortError } from '../../../controller/ports/error.ts'
import type { Random } from '../../../controller/ports/random.ts'
import { requires } from '../../support/requires.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { createGitStage, createMemoryStage } from './contract-stages.ts'
import type { Stage } from './contract-stages.ts'

const git = requires('git')
const references = { branch: 'main', tagPrefix: 'deploy/prod/' }
const at = 1_770_000_000_000
const STEPS = 24
const TIME_LIMIT_MS = 120_000

describe.skipIf(git.missing !== undefined)(git.title('a repository in memory'), () => {
  it.each([1, 2, 3])(
    'answers as git does, with the same ids, to the random story %i',
    async (seed) => {
      const stages = [createGitStage(), createMemoryStage()]
      try {
        const [real, memory] = await Promise.all(stages.map((stage) => play(stage, seededRandom(seed))))
        expect(memory).toEqual(real)
        expect(real).toHaveLength(STEPS + 1)
      } finally {
        for (const stage of stages) stage.close()
      }
    },
    TIME_LIMIT_MS,
  )
})

/** What one random story shows: equal choices for equal answers, so that the first difference is where two stages part. */
async function play(stage: Stage, random: Random): Promise<readonly unknown[]> {
  const story = newStory(stage, random)
  const shown: unknown[] = [story.commit()]
  for (let step = 0; step < STEPS; step += 1) {
    const what = story.choose(STEP_NAMES)
    const answer = await story[what]()
    shown.push([what, answer, await stage.source.references(references)])
  }
  return shown
}

/** A step that is named twice is taken twice as often. */
const STEP_NAMES = [
  'commit',
  'commit',
  'merge',
  'forcePush',
  'moveTag',
  'deleteTag',
  'fetch',
  'fetch',
  'pushTags',
  'pushTags',
  'commitFiles',
] as const

const PATHS = ['a', 'src/a', 'src/b', 'src/deep/c', 'x', 'x/y', 'src-more']
const TAGS = ['deploy/prod/current', 'deploy/prod/1', 'deploy/prod/2', 'deploy/other/1']

function newStory(stage: Stage, random: Random) {
  const { source } = stage
  const commits: string[] = []
  const choose = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)] as T
  const text = (): string => choose(['one\n', 'two\n', 'three\n'])
  const remember = (commit: string): string => {
    commits.push(commit)
    return commit
  }
  return {
    choose,
    commit: () =>
      remember(
        stage.commit({
          files: { [choose(PATHS)]: text(), [choose(PATHS)]: text() },
          removed: [choose(PATHS)],
          branch: choose(['main', 'main', 'feature']),
        }),
      ),
    merge: () =>
      remember(stage.commit({ files: {}, parents: [...new Set([choose(commits), choose(commits)])] })),
    forcePush: () => stage.forcePush('main', choose(commits)),
    moveTag: () => stage.moveTag(choose(TAGS), choose(commits), choose([undefined, 'By hand'])),
    deleteTag: () => stage.deleteTag(choose(TAGS)),
    async fetch() {
      await source.fetch(references)
      return readAll(stage, { one: choose(commits), other: choose(commits), path: choose(PATHS) })
    },
    async pushTags() {
      await source.fetch(references)
      const { head = '', tags } = await source.references(references)
      const names = choose([['deploy/prod/current', 'deploy/prod/1'], ['deploy/prod/2']])
      const requests = names.map((name) => ({ name, commit: head, message: text() }))
      const prepared = await settled(source.prepareTags({ tags: requests, at, signingKeyFile: undefined }))
      if (!Array.isArray(prepared)) return prepared
      const isGuess = random.next() < 0.3
      const expected = (name: string): string =>
        (isGuess ? choose(['', head]) : tags.find((tag) => tag.name === name)?.object) ?? ''
      const pushes = (prepared as Awaited<ReturnType<typeof source.prepareTags>>).map((tag) => ({
        name: tag.name,
        object: tag.object,
        expected: expected(tag.name),
      }))
      return [pushes, await settled(source.pushTags({ tags: pushes }))]
    },
    async commitFiles() {
      const edits = [{ path: choose(PATHS), text: text() }]
      const request = {
        branch: 'main',
        head: choose(commits),
        edits,
        message: 'Pin',
        author: 'Ana <a@b>',
        at,
      }
      return settled(source.commitFiles(request))
    },
  }
}

/** Everything that the mirror tells of two commits and of the tags. */
async function readAll(
  { source }: Stage,
  { one, other, path }: { readonly one: string; readonly other: string; readonly path: string },
): Promise<readonly unknown[]> {
  const answers: unknown[] = []
  for (const ask of [
    () => source.commit(one),
    () => source.isAncestor(one, other),
    () => source.countAhead({ base: one, head: other }),
    () => source.commitsBetween({ exclude: one, head: other, limit: 5 }),
    () => source.newestTouching({ head: other, paths: [path, 'none'] }),
    () => source.newestTouching({ head: one, paths: ['src'] }),
    () => source.files({ commit: one, path: choosePath(path), limitBytes: 5, limitFiles: 5 }),
    ...TAGS.map((name) => () => source.tag(name)),
  ]) {
    answers.push(await settled(ask()))
  }
  return answers
}

/** The root for one path, so that whole trees are compared too. */
function choosePath(path: string): string {
  return path === 'a' ? '' : path
}

/** The answer, or of an error what the engine acts on. */
async function settled(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => {
    if (!(error instanceof PortError)) throw error
    const { code, handling, ambiguous } = error
    return { code, handling, ambiguous }
  })
}
