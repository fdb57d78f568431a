import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { mirrorPath, parseAddress } from '../../../controller/adapters/git/address.ts'
import { createTestSource, portError } from '../../support/git-source.ts'
import { startGitServer } from '../../support/git-server.ts'
import type { GitServer } from '../../support/git-server.ts'
import { createRepository } from '../../support/repository.ts'
import type { TestRepository } from '../../support/repository.ts'

const references = { branch: 'main', tagPrefix: 'deploy/prod/' }
const token = 's3cr+t/tok&n'

let repository: TestRepository
const closers: (() => void | Promise<void>)[] = []

beforeEach(() => {
  repository = createRepository()
  closers.push(() => repository.remove())
})

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

async function serve(options: Partial<Parameters<typeof startGitServer>[0]> = {}): Promise<GitServer> {
  const server = await startGitServer({ root: dirname(repository.path), ...options })
  closers.push(() => server.close())
  return server
}

function open(...parameters: Parameters<typeof createTestSource>): ReturnType<typeof createTestSource> {
  const opened = createTestSource(...parameters)
  closers.push(() => opened.remove())
  return opened
}

const everyFile = (directory: string): string =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')

describe('over http', () => {
  it('reads and pushes with a token that no file of the mirror holds', async () => {
    const commit = repository.commit({ 'a.txt': 'a' })
    const server = await serve({ password: token })
    const { source, dataDir } = open(`${server.url}/upstream.git`, { credentials: { token } })
    expect((await source.references(references)).head).toBe(commit)
    await source.fetch(references)
    const tags = [{ name: 'deploy/prod/1', commit, message: 'One' }]
    const prepared = await source.prepareTags({ tags, at: 0, signingKeyFile: undefined })
    expect(await source.pushTags({ tags: prepared.map((tag) => ({ ...tag, expected: '' })) })).toEqual({
      result: 'Pushed',
    })
    expect(server.requests.some(({ path }) => path.includes('s3cr'))).toBe(false)
    expect(everyFile(dataDir)).not.toContain('s3cr')
  })

  it('takes a token out of the URL and gives it as a credential', async () => {
    const commit = repository.commit({ 'a.txt': 'a' })
    const server = await serve({ password: token })
    const url = `${server.url}/upstream.git`.replace('//', `//ana:${encodeURIComponent(token)}@`)
    const { source } = open(url)
    expect((await source.references(references)).head).toBe(commit)
    const sent = server.requests
      .map(({ authorization }) => authorization)
      .find((header) => header !== undefined)
    expect(Buffer.from(String(sent).slice(6), 'base64').toString()).toBe(`ana:${token}`)
  })

  it.each([
    ['a wrong token', { token: 'wrong-but-secret' }],
    ['no token', undefined],
  ])('with %s says that it is refused, and never the token', async (_what, credentials) => {
    const server = await serve({ password: token })
    const { source } = open(`${server.url}/upstream.git`, { credentials })
    const error = await portError(source.references(references))
    expect(error).toMatchObject({ code: 'SourceRefused', handling: 'stall' })
    expect(error.remedy).toContain('credentialsFrom')
    expect(JSON.stringify([error.message, error.remedy, String(error.cause)])).not.toContain('secret')
  })

  it('waits for a repository that is not there', async () => {
    const server = await serve()
    const { source } = open(`${server.url}/none.git`)
    expect(await portError(source.references(references))).toMatchObject({
      code: 'SourceMissing',
      handling: 'wait',
    })
  })

  it('tries again after an error of the server', async () => {
    const server = await serve({
      answer: (_request, response) => {
        response.writeHead(502).end()
        return true
      },
    })
    const { source } = open(`${server.url}/upstream.git`)
    expect(await portError(source.references(references))).toMatchObject({
      code: 'SourceUnavailable',
      handling: 'retry',
    })
  })

  it('gives no token to a host that it was redirected to', async () => {
    const other = await serve({ password: 'anything' })
    const first = await serve({
      answer: (request, response) => {
        response.writeHead(302, { location: `${other.url}${request.url}` }).end()
        return true
      },
    })
    const { source } = open(`${first.url}/upstream.git`, { credentials: { token } })
    expect(await portError(source.references(references))).toMatchObject({ code: 'SourceRefused' })
    expect(other.requests.length).toBeGreaterThan(0)
    expect(other.requests.every(({ authorization }) => authorization === undefined)).toBe(true)
  })

  it('is not redirected to another transport', async () => {
    const server = await serve({
      answer: (_request, response) => {
        response.writeHead(302, { location: `file://${repository.path}` }).end()
        return true
      },
    })
    const { source } = open(`${server.url}/upstream.git`)
    expect((await portError(source.references(references))).code).toMatch(/Source(Refused|Unavailable)/)
  })

  it('ends git and its helpers when a server never answers', async () => {
    const server = await serve({ answer: () => true })
    const { source } = open(`${server.url}/upstream.git`, { timeoutMs: 700 })
    const error = await portError(source.references(references))
    expect(error).toMatchObject({ code: 'SourceUnavailable', handling: 'retry' })
    expect(error.message).toContain('took too long')
    expect(execFileSync('ps', ['-eo', 'args']).toString()).not.toContain(server.url)
  })

  it('ends git and its helpers when the controller stops', async () => {
    const stop = new AbortController()
    const server = await serve({
      answer: () => {
        stop.abort()
        return true
      },
    })
    const { source } = open(`${server.url}/upstream.git`, { signal: stop.signal })
    expect((await portError(source.references(references))).message).toContain('stops')
    expect((await portError(source.hasCommit('1'.repeat(40)))).message).toContain('stops')
    expect(execFileSync('ps', ['-eo', 'args']).toString()).not.toContain(server.url)
  })

  it('says of a push without an answer that it may have happened', async () => {
    const commit = repository.commit({ 'a.txt': 'a' })
    const server = await serve({
      answer: (request, response) => {
        const isPush = request.method === 'POST' && (request.url ?? '').endsWith('receive-pack')
        if (isPush) response.destroy()
        return isPush
      },
    })
    const { source } = open(`${server.url}/upstream.git`)
    await source.fetch(references)
    const tags = [{ name: 'deploy/prod/1', commit, message: 'One' }]
    const prepared = await source.prepareTags({ tags, at: 0, signingKeyFile: undefined })
    const error = await portError(
      source.pushTags({ tags: prepared.map((tag) => ({ ...tag, expected: '' })) }),
    )
    expect(error).toMatchObject({ handling: 'retry', ambiguous: true })
  })
})

describe('an address', () => {
  it.each([
    'ext::sh -c true',
    'fd::17',
    'file:///srv/git/shop.git',
    'git://example.com/shop.git',
    'http://example.com/shop.git',
    'ftp://example.com/shop.git',
    '--upload-pack=touch /tmp/x',
    '-oProxyCommand=x:y',
    'ssh://-oProxyCommand=x/y',
    'ssh://host/-x',
    'ssh://user:password@host/x',
    '-x@host:y',
    'host:-y',
    'https://',
    'https://host/a\nb',
    'relative/path',
    '',
  ])('%j is refused', async (url) => {
    const { source } = open(url)
    const error = await portError(source.references(references))
    expect(error).toMatchObject({ code: 'SourceRefused', handling: 'stall' })
    expect(error.remedy).toBeDefined()
  })

  it('is refused with a token that would break out of the credential protocol', async () => {
    const { source } = open('https://example.com/x.git', { credentials: { token: 'a\nhost=evil' } })
    expect(await portError(source.references(references))).toMatchObject({ code: 'SourceRefused' })
  })

  it.each([
    ['https://ana:x@Example.com/acme/shop.git', 'https', 'https://example.com/acme/shop.git'],
    ['ssh://git@example.com:2222/acme/shop.git', 'ssh', 'ssh://git@example.com:2222/acme/shop.git'],
    ['git@example.com:acme/shop.git', 'ssh', 'git@example.com:acme/shop.git'],
    ['http://localhost:3000/x.git', 'http', 'http://localhost:3000/x.git'],
    ['http://[::1]:3000/x.git', 'http', 'http://[::1]:3000/x.git'],
    ['/srv/git/../git/shop.git', 'file', '/srv/git/shop.git'],
  ])('%s is %s', (url, protocol, clean) => {
    expect(parseAddress({ url, credentials: undefined })).toMatchObject({ protocol, url: clean })
  })

  it('has one mirror, whatever credentials stand in it', () => {
    expect(mirrorPath('/data', 'https://a:b@example.com/x.git')).toBe(
      mirrorPath('/data', 'https://example.com/x.git'),
    )
    expect(mirrorPath('/data', 'https://example.com/y.git')).not.toBe(
      mirrorPath('/data', 'https://example.com/x.git'),
    )
    expect(mirrorPath('/data', '/x')).toMatch(/^\/data\/git\/[0-9a-f]{32}$/)
  })
})

describe('names that are meant to be something else', () => {
  it.each([
    '-x',
    '--upload-pack=x',
    'a..b',
    'a\nb',
    'a b',
    'a:b',
    'refs/*',
    'a.lock',
    '',
    '@',
    'a/../b',
    '.x',
    'a//b',
  ])('are refused as a branch, a prefix and a tag: %j', async (name) => {
    const { source } = open(repository.path)
    expect(await portError(source.references({ ...references, branch: name }))).toMatchObject({
      code: 'SourceRefused',
    })
    expect(await portError(source.fetch({ ...references, tagPrefix: name }))).toMatchObject({
      code: 'SourceRefused',
    })
    expect(await portError(source.tag(name))).toMatchObject({ code: 'SourceRefused' })
  })

  it.each(['--all', 'HEAD', 'main', `${'1'.repeat(40)}..`, '1234'])(
    'are refused as a commit: %j',
    async (id) => {
      const { source } = open(repository.path)
      expect(await portError(source.commit(id))).toMatchObject({ code: 'SourceRefused' })
      expect(await portError(source.isAncestor(id, id))).toMatchObject({ code: 'SourceRefused' })
    },
  )

  it.each(['../x', '/x', 'a/.git/config', 'a\0b'])('are refused as a path: %j', async (path) => {
    const { source } = open(repository.path)
    const commit = '1'.repeat(40)
    expect(await portError(source.newestTouching({ head: commit, paths: [path] }))).toMatchObject({
      code: 'SourceRefused',
    })
    expect(await portError(source.files({ commit, path, limitBytes: 1, limitFiles: 1 }))).toMatchObject({
      code: 'SourceRefused',
    })
  })
})

describe('a hostile repository', () => {
  it('with broken objects is refused on fetch', async () => {
    const tree = repository.git(
      ['hash-object', '-t', 'tree', '-w', '--literally', '--stdin'],
      Buffer.concat([Buffer.from('40000 .git\0'), Buffer.from(repository.git(['mktree'], ''), 'hex')]),
    )
    const commit = repository.git(['commit-tree', tree], 'Evil\n')
    repository.setBranch('main', commit)
    const { source } = open(repository.path)
    expect(await portError(source.fetch(references))).toMatchObject({
      code: 'SourceRefused',
      handling: 'stall',
    })
  })

  it('cannot replace objects or set our configuration', async () => {
    const good = repository.commit({ 'a.txt': 'good' })
    const evil = repository.commit({ 'a.txt': 'evil' }, { branch: 'evil' })
    repository.git(['update-ref', `refs/replace/${good}`, evil])
    repository.git(['config', 'core.fsmonitor', 'touch /tmp/never'])
    const { source, mirrorDir } = open(repository.path)
    await source.fetch(references)
    expect(await source.files({ commit: good, path: '', limitBytes: 99, limitFiles: 9 })).toMatchObject([
      { text: 'good' },
    ])
    expect(readFileSync(join(mirrorDir, 'config'), 'utf8')).not.toContain('fsmonitor')
  })

  it('cannot run a hook that lies in the mirror', async () => {
    repository.commit({ 'a.txt': 'a' })
    const { source, mirrorDir } = open(repository.path)
    await source.fetch(references)
    mkdirSync(join(mirrorDir, 'hooks'))
    writeFileSync(join(mirrorDir, 'hooks', 'reference-transaction'), `#!/bin/sh\ntouch ${mirrorDir}/ran\n`, {
      mode: 0o755,
    })
    repository.commit({ 'a.txt': 'b' })
    await source.fetch(references)
    expect(existsSync(join(mirrorDir, 'ran'))).toBe(false)
  })
})

it.skipIf(process.getuid?.() !== 0)(
  'reads a local repository of another user, who was named (needs root to make one)',
  async () => {
    const commit = repository.commit({ 'a.txt': 'a' })
    chownSync(repository.path, 12345, 12345)
    const { source } = open(repository.path)
    expect((await source.references(references)).head).toBe(commit)
    await source.fetch(references)
  },
)

it('sees nothing of the environment of this process but a named few variables', async () => {
  repository.commit({ 'a.txt': 'a' })
  const { source } = open(repository.path, {
    outerEnvironment: {
      PATH: process.env['PATH'],
      GIT_DIR: '/nowhere',
      GIT_TRACE: '1',
      HOME: '/root',
      GIT_CONFIG_COUNT: '1',
    },
  })
  await source.fetch(references)
  expect((await source.references(references)).head).toBe(repository.head())
})
