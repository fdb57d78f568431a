import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { commitPin } from '../../controller/compose/commit-pin.ts'
import type { ForgeServer } from '../support/forge-server.ts'
import { startForgeServer } from '../support/forge-server.ts'
import { startGitServer } from '../support/git-server.ts'
import type { TestRepository } from '../support/repository.ts'
import { createRepository } from '../support/repository.ts'
import { temporaryDirectory } from '../support/temp-directory.ts'
import { startTlsFront } from '../support/tls-front.ts'

const release = 'apiVersion: steersman.dev/v1alpha1\nkind: Release\nmetadata: { name: web }\nspec: {}\n'
const TOKEN = 'forge-token-1234567890'
const variables = {
  GIT_AUTHOR_NAME: 'Dora',
  GIT_AUTHOR_EMAIL: 'dora@example.com',
  STEERSMAN_FORGE_TOKEN: TOKEN,
}
const PAGE = 'https://forge.example.com/acme/shop/pull/7'

interface Stage {
  readonly repository: TestRepository
  readonly forge: ForgeServer
  readonly request: Parameters<typeof commitPin>[0]
}

/** A repository behind HTTPS, and a forge that knows of at most one open pull request. */
async function stage(more = ''): Promise<Stage> {
  const repository = createRepository()
  repository.commit({ 'deploy/releases/web.yaml': release }, { branch: 'prod' })
  const git = await startGitServer({ root: dirname(dirname(repository.path)) })
  const front = await startTlsFront(git.url, await temporaryDirectory())
  vi.stubEnv('SSL_CERT_FILE', front.certificateFile)
  let isOpen = false
  const forge = await startForgeServer(({ method }) => {
    if (method === 'GET') return { status: 200, body: isOpen ? [{ html_url: PAGE }] : [] }
    if (isOpen) return { status: 422, body: { message: 'Validation Failed' } }
    isOpen = true
    return { status: 201, body: { html_url: PAGE } }
  })
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await forge.close()
    await front.close()
    await git.close()
    repository.remove()
  })
  const url = `${front.url}${repository.path.slice(dirname(dirname(repository.path)).length)}`
  const config = join(await temporaryDirectory(), 'prod.yaml')
  writeFileSync(
    config,
    `apiVersion: steersman.dev/v1alpha1
kind: Environment
metadata: { name: prod }
spec:
  source: { repository: "${url}", branch: prod, path: deploy${more} }
  aws: { region: eu-west-1 }
`,
  )
  const request = {
    config,
    environment: 'prod',
    release: 'web',
    pin: { rollout: 41, reason: 'the cart' },
    message: 'Roll prod/web back to rollout 41\n\nthe cart',
    pullRequest: { forge: `github=${forge.url}/api/v3` },
  }
  return { repository, forge, request }
}

const branches = ({ repository }: Stage): string[] =>
  repository.git(['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads']).split('\n').filter(Boolean)

describe('a pin by a pull request', () => {
  it('is a branch of its own that is asked to be merged; the environment’s branch stays', async () => {
    const given = await stage()
    const { repository, forge, request } = given
    const head = repository.head('prod')
    const result = await commitPin(request, variables)
    expect(result).toMatchObject({ path: 'deploy/overlays/prod/web.yaml', pullRequest: PAGE })
    expect(repository.head('prod')).toBe(head)
    expect(branches(given)).toEqual(['prod', result.branch])
    expect(result.branch).toMatch(/^steersman\/prod-web-[0-9a-f]{10}$/)
    expect(repository.git(['log', '-1', '--format=%P %B', result.branch])).toBe(
      `${head} Roll prod/web back to rollout 41\n\nthe cart`,
    )
    expect(repository.git(['show', `${result.branch}:deploy/overlays/prod/web.yaml`])).toContain(
      'rollout: 41',
    )
    expect(forge.requests).toMatchObject([
      {
        path: expect.stringMatching(/^\/api\/v3\/repos\/[^/]+\/upstream\/pulls$/) as string,
        body: {
          head: result.branch,
          base: 'prod',
          title: 'Roll prod/web back to rollout 41',
          body: 'the cart',
        },
      },
    ])
  })

  it('asked for once more is the same branch and the same pull request', async () => {
    const given = await stage()
    const first = await commitPin(given.request, variables)
    const again = await commitPin(given.request, variables)
    expect(again).toMatchObject({ branch: first.branch, pullRequest: PAGE, commit: undefined })
    expect(branches(given)).toHaveLength(2)
  })

  it.each([
    ['without a token', { variables: { GIT_AUTHOR_NAME: 'Dora' } }, 'ForgeTokenMissing'],
    ['at a forge that is none', { forge: 'gitea' }, 'ForgeUnknown'],
  ])('%s pushes nothing', async (_what, wrong, code) => {
    const given = await stage()
    const { forge = given.request.pullRequest?.forge, variables: used = variables } = wrong as {
      readonly forge?: string
      readonly variables?: Readonly<Record<string, string>>
    }
    await expect(commitPin({ ...given.request, pullRequest: { forge } }, used)).rejects.toMatchObject({
      code,
    })
    expect(branches(given)).toEqual(['prod'])
    expect(given.forge.requests).toEqual([])
  })

  it('needs no signing key, since the forge signs the merge', async () => {
    const { request } = await stage(', verify: { mode: HEAD, allowedSigners: /signers }')
    expect(await commitPin(request, variables)).toMatchObject({ pullRequest: PAGE })
  })
})
