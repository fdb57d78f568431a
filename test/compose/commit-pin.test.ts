import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'

import { commitPin } from '../../controller/compose/commit-pin.ts'
import type { TestRepository } from '../support/repository.ts'
import { createRepository } from '../support/repository.ts'
import { temporaryDirectory } from '../support/temp-directory.ts'

const variables = { GIT_AUTHOR_NAME: 'Dora <Developer>', GIT_AUTHOR_EMAIL: 'dora@example.com' }
const release =
  'apiVersion: steersman.dev/v1alpha1\nkind: Release\nmetadata: { name: web } # the shop\nspec: {}\n'

let repository: TestRepository
let config: string

async function configure(more = ''): Promise<string> {
  const file = join(await temporaryDirectory(), 'prod.yaml')
  writeFileSync(
    file,
    `apiVersion: steersman.dev/v1alpha1
kind: Environment
metadata: { name: prod }
spec:
  source: { repository: ${repository.path}, branch: prod, path: deploy${more} }
  aws: { region: eu-west-1 }
`,
  )
  return file
}

beforeEach(async () => {
  repository = createRepository()
  onTestFinished(() => repository.remove())
  repository.commit({ 'deploy/releases/web.yaml': release }, { branch: 'prod' })
  config = await configure()
})

const request = () => ({
  config,
  environment: 'prod',
  release: 'web',
  pin: { rollout: 41, reason: 'the cart' },
  message: 'Pin prod/web to rollout 41\n\nthe cart',
})

describe('a pin', () => {
  it('becomes one commit of the branch, in the name of whoever asked', async () => {
    const before = repository.head('prod')
    const result = await commitPin(request(), variables)
    expect(result).toEqual({
      branch: 'prod',
      path: 'deploy/overlays/prod/web.yaml',
      commit: repository.head('prod'),
    })
    expect(repository.git(['log', '-1', '--format=%P|%an|%ae|%B', 'prod'])).toBe(
      `${before}|Dora  Developer|dora@example.com|Pin prod/web to rollout 41\n\nthe cart`,
    )
    expect(repository.git(['show', 'prod:deploy/overlays/prod/web.yaml'])).toContain('rollout: 41')
    expect(repository.git(['show', 'prod:deploy/releases/web.yaml'])).toBe(release.trim())
  })

  it('is not committed twice', async () => {
    await commitPin(request(), variables)
    const head = repository.head('prod')
    expect((await commitPin(request(), variables)).commit).toBeUndefined()
    expect(repository.head('prod')).toBe(head)
  })

  it('is put on top of what somebody else pushed meanwhile', async () => {
    const other = repository.commit({ 'other.txt': 'x' }, { branch: 'other' })
    const parent = repository.head('prod') ?? ''
    repository.setBranch('other', parent)
    const theirs = repository.commit({ 'other.txt': 'x' }, { branch: 'other' })
    expect(theirs).not.toBe(other)
    raceOnce(theirs)
    const { commit } = await commitPin(request(), variables)
    expect(commit).toBe(repository.head('prod'))
    expect(repository.git(['show', 'prod:other.txt'])).toBe('x')
  })

  it.each([
    ['an environment that is not there', { environment: 'prud' }, /has no environment "prud"/],
    ['a release that is not there', { release: 'wep' }, /there is no release "wep"; expected one of web/],
  ])('of %s is refused', async (_, wrong, message) => {
    await expect(commitPin({ ...request(), ...wrong }, variables)).rejects.toThrow(message)
  })

  it('is refused where the branch does not exist', async () => {
    repository.deleteBranch('prod')
    await expect(commitPin(request(), variables)).rejects.toMatchObject({ code: 'SourceMissing' })
  })

  it('is refused where it would have to be signed, and there is no key', async () => {
    config = await configure(', verify: { mode: HEAD, allowedSigners: /signers }')
    await expect(commitPin(request(), variables)).rejects.toMatchObject({ code: 'SigningKeyMissing' })
  })
})

/** The first push finds that the branch has moved: the server moves it itself while the push is under way. */
function raceOnce(commit: string): void {
  const hook = join(repository.path, 'hooks', 'pre-receive')
  const marker = join(repository.path, 'raced')
  mkdirSync(join(repository.path, 'hooks'), { recursive: true })
  writeFileSync(
    hook,
    `#!/bin/sh\n[ -e '${marker}' ] && exit 0\ntouch '${marker}'\nunset GIT_QUARANTINE_PATH\ngit update-ref refs/heads/prod ${commit}\nexit 0\n`,
  )
  chmodSync(hook, 0o755)
}
