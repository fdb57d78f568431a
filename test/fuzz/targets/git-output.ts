import { classifyFailure, GitFailure } from '../../../controller/adapters/git/errors.ts'
import {
  countAhead,
  hasCommit,
  isAncestor,
  newestTouching,
  readCommit,
  readCommitsBetween,
} from '../../../controller/adapters/git/history.ts'
import { fetchReferences, readReferences } from '../../../controller/adapters/git/references.ts'
import { readTag, splitObject } from '../../../controller/adapters/git/tags.ts'
import { parseTrailers } from '../../../controller/adapters/git/trailers.ts'
import { readFiles, readObjects } from '../../../controller/adapters/git/tree.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { CommitFacts } from '../../../controller/ports/source.ts'
import { printingMirror } from '../../support/printing-mirror.ts'
import { Choices } from '../support/choices.ts'
import { promise } from '../support/finding.ts'
import type { FuzzTarget } from '../target.ts'

const SECRET = 'ghp-planted-secret'
const HEAD = '1'.repeat(40)
const OTHER = '2'.repeat(40)
const AUTHOR = 'Dora <dora@shop.example>'

const LOG = [
  HEAD,
  OTHER,
  AUTHOR,
  AUTHOR,
  '1767225600',
  'Raise the count',
  `Raise the count\n\nwhy\n\nSteersman-Resume: web\nRefs: #1\n`,
]
const TREE = [
  `100644 blob ${HEAD}      17\tdeploy/releases/web.yaml`,
  `120000 blob ${OTHER}       4\tdeploy/link`,
  `160000 commit ${OTHER}       -\tdeploy/module`,
  `100755 blob ${HEAD}      17\tdeploy/a "b"\nc.yaml`,
  '',
].join('\0')
const TAG_OBJECT = `object ${HEAD}\ntype commit\ntag deploy/prod/41\ntagger ${AUTHOR} 1767225600 +0100\n\nrollout 41\n\nSteersman-Rollout: 41\n-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n`
const COMMIT_OBJECT = `tree ${OTHER}\nparent ${OTHER}\nauthor ${AUTHOR} 1767225600 +0000\ncommitter ${AUTHOR} 1767225600 +0000\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n -----END PGP SIGNATURE-----\n\nRaise the count\n`
const object = (id: string, type: string, text: string): string =>
  `${id} ${type} ${Buffer.byteLength(text)}\n${text}\n`
const REMOTE = `${HEAD}\trefs/heads/main\n${OTHER}\trefs/tags/deploy/prod/41\n${HEAD}\trefs/tags/deploy/prod/41^{}\n${OTHER}\trefs/tags/v1\n`
const STDERR = `fatal: unable to access 'https://dora:${SECRET}@git.shop.example/': The requested URL returned error: 403\n`

/** Each asks for something while git prints the input, and checks what it was told. */
const QUESTIONS: readonly ((output: Uint8Array) => unknown)[] = [
  async (output) => {
    const request = { branch: 'main', tagPrefix: 'deploy/prod/', otherTags: ['v1'] }
    const { head, tags } = await readReferences(printing(output), request)
    promise(head === undefined || isId(head), 'a head is an object id')
    for (const tag of tags) {
      promise(isId(tag.object) && isId(tag.commit), 'a tag has the ids of an object and a commit')
      promise(tag.name.startsWith('deploy/prod/') || tag.name === 'v1', 'only tags that were asked for')
    }
  },
  async (output) => {
    const request = { commit: HEAD, path: 'deploy', limitBytes: 1_000, limitFiles: 20 }
    const contents = object(HEAD, 'blob', 'kind: Release\na: 1') + object(OTHER, 'blob', 'link')
    checkFiles(await readFiles(printing(output, { batch: Buffer.from(contents) }), request))
  },
  async (output) => {
    const request = { commit: HEAD, path: 'deploy', limitBytes: 1_000, limitFiles: 20 }
    checkFiles(await readFiles(printing(Buffer.from(TREE), { batch: output }), request))
  },
  async (output) => {
    for (const { id, type } of (await readObjects(printing(output), [HEAD, OTHER, 'refs/tags/v1'])).values())
      promise(isId(id) && type !== '', 'an object has an id and a type')
  },
  async (output) => checkCommit(await readCommit(printing(output), HEAD)),
  async (output) => {
    const request = { exclude: OTHER, head: HEAD, limit: 10 }
    const commits = await readCommitsBetween(printing(output), request)
    commits.forEach(checkCommit)
  },
  async (output) => {
    const count = await countAhead(printing(output), { base: OTHER, head: HEAD })
    promise(Number.isSafeInteger(count) && count >= 0, () => `a count is a whole number: ${count}`)
  },
  async (output) => {
    const commit = await newestTouching(printing(output), { head: HEAD, paths: ['deploy', 'web'] })
    promise(commit === undefined || isId(commit), () => `the newest commit is an object id: ${commit}`)
  },
  async (output) => {
    const tag = await readTag(printing(output), 'deploy/prod/41')
    if (tag === undefined) return
    promise(isId(tag.object) && isId(tag.commit), 'a tag has the ids of an object and a commit')
    promise(isTime(tag.taggedAt), () => `a tag's time is a time: ${tag.taggedAt}`)
    checkTrailers(tag.trailers)
  },
  async (output) => {
    const known = object(HEAD, 'commit', COMMIT_OBJECT) + object(OTHER, 'commit', COMMIT_OBJECT)
    const answer = await isAncestor(printing(output, { batch: Buffer.from(known) }), OTHER, HEAD)
    promise(typeof answer === 'boolean', 'an ancestor is one or is not')
  },
  async (output) =>
    promise(typeof (await hasCommit(printing(output), HEAD)) === 'boolean', 'a commit is there or not'),
  (output) => {
    const { headers, body } = splitObject(Buffer.from(output).toString('utf8'))
    promise(headers.size >= 1 && typeof body === 'string', 'an object has headers and a body')
  },
  (output) => checkTrailers(parseTrailers(Buffer.from(output).toString('utf8'))),
  async (output) => {
    const request = { branch: 'main', tagPrefix: 'deploy/prod/', otherTags: ['v1', 'v2'] }
    await fetchReferences(printing(output, { exitCode: 128 }), request)
  },
  (output) => {
    const stderr = Buffer.from(output).toString('utf8')
    for (const ended of ['exited', 'notStarted', 'timedOut', 'tooLarge', 'aborted'] as const)
      checkFailure(classifyFailure(new GitFailure('fetch', { ended, stderr }), 'fetch', [SECRET], true))
  },
]

const EXAMPLES: readonly string[] = [
  REMOTE,
  TREE,
  object(HEAD, 'blob', 'kind: Release\na: 1') + object(OTHER, 'blob', 'link'),
  `${object(HEAD, 'tag', TAG_OBJECT)}${object(OTHER, 'commit', COMMIT_OBJECT)}refs/tags/v1 missing\n`,
  `${LOG.join('\0')}\0`,
  `${[...LOG, ...LOG].join('\0')}\0`,
  '3\n',
  `${HEAD}\n`,
  object(OTHER, 'tag', TAG_OBJECT) + object(HEAD, 'commit', COMMIT_OBJECT),
  '0\n',
  object(HEAD, 'commit', COMMIT_OBJECT),
  TAG_OBJECT,
  LOG.at(-1) ?? '',
  `${STDERR}fatal: couldn't find remote ref refs/tags/v1\n`,
  STDERR,
]

const WORDS = [
  '\0',
  '\n',
  '\t',
  ' ',
  HEAD,
  OTHER,
  'refs/heads/main\n',
  'refs/tags/deploy/prod/',
  '^{}',
  ' missing\n',
  ' blob 17\n',
  ' tag 1\n',
  ' commit 99999999999999999999\n',
  '100644 blob ',
  '160000 commit ',
  '-',
  '-1',
  'NaN',
  '1e400',
  '\ufffd',
  '> 99999999999999999999 +0000',
  '-----BEGIN PGP SIGNATURE-----',
  'Key: value',
  ' continued',
  '\r\n',
  'fatal: ',
  'error: ',
  `//u:${SECRET}@`,
  SECRET,
  'a'.repeat(2_000),
]

/** What git prints, cut and changed: read into what the port promises, or refused with a PortError. */
export const gitOutput: FuzzTarget = {
  name: 'git-output',
  covers: ['controller/adapters/git'],
  words: WORDS,
  seeds: EXAMPLES.flatMap((text, index) => [
    Buffer.concat([Uint8Array.of(index), Buffer.from(text)]),
    Buffer.concat([Uint8Array.of((index + 1) % QUESTIONS.length), Buffer.from(text)]),
  ]),
  async run(input) {
    const choices = new Choices(input)
    const question = choices.pick(QUESTIONS)
    const output = choices.rest()
    try {
      await question(output)
    } catch (error) {
      if (!(error instanceof PortError) && !(error instanceof GitFailure)) throw error
      checkFailure(classifyFailure(error, 'test', [SECRET]))
    }
  },
}

const printing = (
  output: Uint8Array,
  options: { readonly batch?: Uint8Array; readonly exitCode?: number } = {},
) => printingMirror(output, { ...options, secret: SECRET })

const isId = (text: string): boolean => /^[0-9a-f]{40,64}$/.test(text)

const isTime = (time: number): boolean => Number.isSafeInteger(time) && time >= 0

function checkFiles(files: Awaited<ReturnType<typeof readFiles>>): void {
  promise(files.length <= 20, 'no more files than asked for')
  for (const { path, size, text, mode, validUtf8 } of files) {
    const said = JSON.stringify({ path, size, mode })
    promise(path !== '', () => `a file has a path: ${said}`)
    promise(Number.isSafeInteger(size) && size >= 0, () => `a size is a whole number: ${said}`)
    promise(text === '' || (mode === 'file' && validUtf8), () => `only files have a text: ${said}`)
    promise(
      Buffer.byteLength(text) === size || text === '',
      () => `a text is whole: ${said} ${JSON.stringify(text)}`,
    )
  }
}

function checkCommit({ id, parents, committedAt, trailers }: CommitFacts): void {
  promise(
    [id, ...parents].every(isId),
    () => `a commit and its parents have ids: ${JSON.stringify([id, parents])}`,
  )
  promise(isTime(committedAt), () => `a commit's time is a time: ${committedAt}`)
  checkTrailers(trailers)
}

function checkTrailers(trailers: CommitFacts['trailers']): void {
  promise(trailers.length <= 1_000, 'at most a thousand trailers')
  for (const { key, value } of trailers) {
    promise(/^[a-z0-9-]+$/.test(key), () => `a trailer's key is in lower case: ${key}`)
    promise(value === value.trim() && !value.includes('\n'), () => `a trailer's value is one line: ${value}`)
  }
}

function checkFailure({ message, code, remedy = '' }: PortError): void {
  promise(/^[A-Z][A-Za-z]+$/.test(code), () => `a code is a word: ${code}`)
  promise(!(message + remedy).includes(SECRET), () => `no secret is told: ${message}`)
  promise(message.length <= 1_000, 'a message is short')
}
