import { describe, expect, it, onTestFinished } from 'vitest'
import { createForge } from '../../../controller/adapters/forge/forge.ts'
import { placeOf } from '../../../controller/adapters/forge/place.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { ForgeReply, ForgeServer } from '../../support/forge-server.ts'
import { startForgeServer } from '../../support/forge-server.ts'
import { freePort } from '../../support/free-port.ts'

const TOKEN = 'forge-token-1234567890'
const REQUEST = { head: 'steersman/prod-web-1', base: 'prod', title: 'Roll back', body: 'errors since noon' }
const repository = 'https://git.example.com/acme/shop.git'

async function serve(...replies: readonly ForgeReply[]): Promise<ForgeServer> {
  const left = [...replies]
  const server = await startForgeServer(() => left.shift() ?? { status: 500 })
  onTestFinished(() => server.close())
  return server
}

const forgeAt = (kind: 'github' | 'gitlab', { url }: { readonly url: string }) =>
  createForge({ repository, asked: `${kind}=${url}/api`, token: TOKEN })

async function failure(action: () => unknown): Promise<PortError> {
  const error: unknown = await Promise.resolve()
    .then(action)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
  if (!(error instanceof PortError)) throw new Error(`no PortError: ${String(error)}`)
  return error
}

describe('a pull request at GitHub', () => {
  const created = { number: 7, state: 'open', html_url: 'https://git.example.com/acme/shop/pull/7' }

  it('is opened between the two branches', async () => {
    const server = await serve({ status: 201, body: created })
    expect(await forgeAt('github', server).open(REQUEST)).toEqual({ url: created.html_url })
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: '/api/repos/acme/shop/pulls',
        headers: {
          authorization: `Bearer ${TOKEN}`,
          accept: 'application/vnd.github+json',
          'x-github-api-version': '2022-11-28',
          'user-agent': 'steersman',
        },
        body: REQUEST,
      },
    ])
  })

  it('that is open already is found', async () => {
    const exists = {
      message: 'Validation Failed',
      errors: [
        { resource: 'PullRequest', code: 'custom', message: 'A pull request already exists for acme:x.' },
      ],
    }
    const server = await serve({ status: 422, body: exists }, { status: 200, body: [created] })
    expect(await forgeAt('github', server).open(REQUEST)).toEqual({ url: created.html_url })
    expect(server.requests[1]).toMatchObject({
      method: 'GET',
      query: { state: 'open', head: 'acme:steersman/prod-web-1', base: 'prod' },
    })
  })

  it('that is refused for another reason says which', async () => {
    const errors = [{ resource: 'PullRequest', code: 'custom', message: 'No commits between prod and x' }]
    const refusal = { status: 422, body: { message: 'Validation Failed', errors } }
    const server = await serve(refusal, { status: 200, body: [] })
    const error = await failure(() => forgeAt('github', server).open(REQUEST))
    expect(error.message).toContain('answered 422: Validation Failed; No commits between prod and x')
    expect(error.code).toBe('ForgeRefused')
  })
})

describe('a merge request at GitLab', () => {
  const created = { iid: 3, state: 'opened', web_url: 'https://git.example.com/acme/shop/-/merge_requests/3' }

  it('is opened between the two branches, in whatever group the project is', async () => {
    const server = await serve({ status: 201, body: created })
    const deep = {
      repository: 'git@git.example.com:acme/web/shop.git',
      asked: `gitlab=${server.url}/api/v4`,
      token: TOKEN,
    }
    expect(await createForge(deep).open(REQUEST)).toEqual({ url: created.web_url })
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: '/api/v4/projects/acme%2Fweb%2Fshop/merge_requests',
        headers: { 'private-token': TOKEN },
        body: {
          source_branch: REQUEST.head,
          target_branch: 'prod',
          title: 'Roll back',
          description: 'errors since noon',
        },
      },
    ])
  })

  it('that is open already is found', async () => {
    const message = ['Another open merge request already exists for this source branch: !3']
    const server = await serve({ status: 409, body: { message } }, { status: 200, body: [created] })
    expect(await forgeAt('gitlab', server).open(REQUEST)).toEqual({ url: created.web_url })
    expect(server.requests[1]?.query).toEqual({
      state: 'opened',
      source_branch: REQUEST.head,
      target_branch: 'prod',
    })
  })
})

describe('a forge', () => {
  it.each([
    [401, { message: 'Bad credentials' }, 'ForgeDenied', 'STEERSMAN_FORGE_TOKEN is not known there'],
    [403, { message: 'Resource not accessible' }, 'ForgeDenied', 'let the token see the repository'],
    [404, { message: 'Not Found' }, 'ForgeDenied', 'or correct --forge'],
    [302, '', 'ForgeRefused', 'open the pull request by hand'],
    [503, '<html>', 'ForgeRefused', 'try again later'],
    [201, { html_url: 'javascript:alert(1)' }, 'ForgeRefused', 'look there whether it was opened'],
  ])('that answers %i says how to mend it', async (status, body, code, remedy) => {
    const headers = status === 302 ? { location: 'http://127.0.0.1:1/' } : {}
    const server = await serve({ status, body, headers })
    const error = await failure(() => forgeAt('github', server).open(REQUEST))
    expect(error).toMatchObject({ code, handling: 'stall' })
    expect(error.remedy).toContain(remedy)
    expect(server.requests).toHaveLength(1)
  })

  it('never has its token repeated', async () => {
    const server = await serve({ status: 400, body: { message: `no ${TOKEN} here\u001b[2J` } })
    const error = await failure(() => forgeAt('github', server).open(REQUEST))
    expect(error.message).toContain('answered 400: no *** here')
    expect(error.message).not.toContain('\u001b')
  })

  it('that does not answer is told from one that refuses', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    const error = await failure(() => forgeAt('github', { url }).open(REQUEST))
    expect(error).toMatchObject({ code: 'ForgeUnreachable', handling: 'retry', ambiguous: true })
    expect(error.remedy).toContain('the branch is pushed')
  })

  it('needs a token', async () => {
    for (const token of [undefined, ' ', 'a\nb'])
      expect(await failure(() => createForge({ repository, asked: 'github', token }))).toMatchObject({
        code: 'ForgeTokenMissing',
        remedy: expect.stringContaining('STEERSMAN_FORGE_TOKEN') as string,
      })
  })
})

describe('the forge of a repository', () => {
  it.each([
    ['https://github.com/acme/shop.git', undefined, 'github https://api.github.com acme/shop'],
    ['git@github.com:acme/shop.git', undefined, 'github https://api.github.com acme/shop'],
    ['ssh://git@github.com:22/acme/shop', undefined, 'github https://api.github.com acme/shop'],
    ['https://user:secret@gitlab.com/a/b/shop.git', undefined, 'gitlab https://gitlab.com/api/v4 a/b/shop'],
    ['https://gitlab.acme.io/a/shop.git', undefined, 'gitlab https://gitlab.acme.io/api/v4 a/shop'],
    ['https://git.acme.io/a/shop.git', 'github', 'github https://git.acme.io/api/v3 a/shop'],
    [
      'https://git.acme.io/a/shop.git',
      'github=https://api.acme.io/v3/',
      'github https://api.acme.io/v3 a/shop',
    ],
  ])('%s is found', (url, asked, found) => {
    const { kind, api, project } = placeOf(url, asked)
    expect(`${kind} ${api} ${project}`).toBe(found)
  })

  it.each([
    ['/srv/shop.git', 'github'],
    ['https://git.acme.io/a/shop.git', undefined],
    ['https://git.acme.io/a/shop.git', 'gitea'],
    ['https://git.acme.io/shop.git', 'github'],
    ['https://git.acme.io/a/shop.git', 'github=http://git.acme.io/api/v3'],
    ['https://git.acme.io/a/shop.git', 'github=https://user:secret@git.acme.io'],
  ])('%s with --forge %s is refused, and no secret is repeated', async (url, asked) => {
    const error = await failure(() => placeOf(url, asked))
    expect(error.code).toBe('ForgeUnknown')
    expect(`${error.message} ${error.remedy ?? ''}`).not.toContain('secret')
  })
})
