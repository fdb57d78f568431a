import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Source, Trust, Verification } from '../../../controller/ports/source.ts'
import { containing, createTestSource, portError } from '../../support/git-source.ts'
import { createRepository } from '../../support/repository.ts'
import type { CommitOptions, TestRepository } from '../../support/repository.ts'
import { requires } from '../../support/requires.ts'

const SSH_KEYGEN = 'ssh-keygen'
const GPG = 'gpg'
const GPG_CONFIGURATION = 'gpgconf'
const ssh = requires(SSH_KEYGEN)
const openPgp = requires(GPG)

const references = { branch: 'main', tagPrefix: 'deploy/prod/' }
const at = 1_750_000_000_000

let directory: string
let repository: TestRepository
let source: Source
let remove: () => void

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'steersman-test-keys-'))
  repository = createRepository()
  ;({ source, remove } = createTestSource(repository.path))
})

afterAll(() => {
  remove()
  repository.remove()
  if (openPgp.missing === undefined)
    spawnSync(GPG_CONFIGURATION, ['--homedir', join(directory, 'gnupg'), '--kill', 'all'])
  rmSync(directory, { recursive: true, force: true })
})

const file = (name: string, content: string): string => {
  writeFileSync(join(directory, name), content)
  return join(directory, name)
}

async function verifyCommit(options: CommitOptions, trust: Partial<Trust>): Promise<Verification> {
  const object = repository.commit({ 'a.txt': `${Math.random()}` }, options)
  await source.fetch(references)
  return source.verify({
    object,
    type: 'commit',
    trust: { allowedSigners: undefined, gpgKeyring: undefined, ...trust },
  })
}

async function prepared(name: string, signingKeyFile: string): Promise<string> {
  const commit = repository.head() ?? repository.commit({ 'a.txt': 'a' })
  await source.fetch(references)
  const [tag] = await source.prepareTags({ tags: [{ name, commit, message: 'One' }], at, signingKeyFile })
  return String(tag?.object)
}

describe('what is not signed', () => {
  const nobody = { allowedSigners: undefined, gpgKeyring: undefined }

  it('is said of a commit, of a tag, and of a lightweight tag', async () => {
    expect(await verifyCommit({}, {})).toEqual({ valid: false, reason: 'the commit is not signed' })
    const commit = String(repository.head())
    const object = repository.tag('deploy/prod/1', commit, { message: 'One' })
    await source.fetch(references)
    expect(await source.verify({ object, type: 'tag', trust: nobody })).toEqual({
      valid: false,
      reason: 'the tag is not signed',
    })
    expect(await source.verify({ object: commit, type: 'tag', trust: nobody })).toEqual({
      valid: false,
      reason: 'the tag is lightweight: it has no signature',
    })
    expect(await source.verify({ object, type: 'commit', trust: nobody })).toMatchObject({ valid: false })
  })

  it('is said of an object that is not there', async () => {
    expect(await source.verify({ object: '1'.repeat(40), type: 'tag', trust: nobody })).toMatchObject({
      reason: containing('not in the mirror'),
    })
  })

  it('is said of an X.509 signature, which is not checked', async () => {
    const commit = String(repository.head())
    const message = 'x\n-----BEGIN SIGNED MESSAGE-----\nabc\n-----END SIGNED MESSAGE-----'
    const object = repository.tag('deploy/prod/2', commit, { message })
    await source.fetch(references)
    expect(await source.verify({ object, type: 'tag', trust: nobody })).toMatchObject({
      reason: containing('X.509'),
    })
  })
})

describe.skipIf(ssh.missing !== undefined)(ssh.title('SSH signatures'), () => {
  let key: string
  let allowedSigners: string
  let signing: CommitOptions

  beforeAll(() => {
    key = join(directory, 'ssh key')
    execFileSync(SSH_KEYGEN, ['-q', '-t', 'ed25519', '-N', '', '-C', 'ana', '-f', key])
    execFileSync(SSH_KEYGEN, ['-q', '-t', 'ed25519', '-N', '', '-C', 'eve', '-f', join(directory, 'other')])
    allowedSigners = file('allowed_signers', `ana@example.com ${readFileSync(`${key}.pub`, 'utf8')}`)
    signing = { sign: true, settings: ['gpg.format=ssh', `user.signingKey=${key}`] }
  })

  it('of a trusted key name their principal', async () => {
    expect(await verifyCommit(signing, { allowedSigners })).toEqual({
      valid: true,
      signer: 'ana@example.com',
    })
  })

  it('of an unknown key are refused with the key', async () => {
    const other = { sign: true, settings: ['gpg.format=ssh', `user.signingKey=${join(directory, 'other')}`] }
    expect(await verifyCommit(other, { allowedSigners })).toMatchObject({
      valid: false,
      reason: containing(' is not in the allowed-signers file'),
    })
  })

  it('of a key that was not valid when it signed are refused', async () => {
    const expired = file(
      'expired_signers',
      `ana@example.com valid-before="20200101" ${readFileSync(`${key}.pub`, 'utf8')}`,
    )
    expect(await verifyCommit(signing, { allowedSigners: expired })).toMatchObject({
      valid: false,
      reason: containing('was not valid when it signed'),
    })
  })

  it('are refused without a file of signers', async () => {
    expect(await verifyCommit(signing, {})).toMatchObject({
      reason: containing('allowedSigners is not set'),
    })
    expect(await verifyCommit(signing, { allowedSigners: '/none' })).toMatchObject({
      reason: containing('does not exist'),
    })
  })

  it('do not cover a changed commit', async () => {
    await verifyCommit(signing, { allowedSigners })
    const text = `${repository.git(['cat-file', 'commit', 'main'])}\n`
    const forged = repository.git(
      ['hash-object', '-t', 'commit', '-w', '--stdin'],
      text.replace('Change', 'Forge'),
    )
    repository.setBranch('main', forged)
    await source.fetch(references)
    const trust = { allowedSigners, gpgKeyring: undefined }
    expect(await source.verify({ object: forged, type: 'commit', trust })).toMatchObject({
      valid: false,
      reason: containing('signature is bad'),
    })
  })

  it('of our own tags are good, the same for the same input, and read without their signature', async () => {
    const object = await prepared('deploy/prod/7', key)
    expect(await prepared('deploy/prod/7', key)).toBe(object)
    const trust = { allowedSigners, gpgKeyring: undefined }
    expect(await source.verify({ object, type: 'tag', tagName: 'deploy/prod/7', trust })).toEqual({
      valid: true,
      signer: 'ana@example.com',
    })
    await source.pushTags({ tags: [{ name: 'deploy/prod/7', object, expected: '' }] })
    await source.fetch(references)
    expect((await source.tag('deploy/prod/7'))?.message).toBe('One')
  })

  it('are of one name: a tag object that was copied to another name is refused', async () => {
    const object = await prepared('deploy/staging/current', key)
    const trust = { allowedSigners, gpgKeyring: undefined }
    expect(await source.verify({ object, type: 'tag', tagName: 'deploy/prod/current', trust })).toEqual({
      valid: false,
      reason: "the signed tag object names tag 'deploy/staging/current', not 'deploy/prod/current'",
    })
  })

  it('stand in commits that we make', async () => {
    const head = String(repository.head())
    const edits = [{ path: 'deploy/web.yaml', text: 'pin: 1\n' }]
    const author = 'Ana <ana@example.com>'
    const request = { branch: 'main', head, edits, message: 'Pin', author, at, signingKeyFile: key }
    const { commit } = await source.commitFiles(request)
    const trust = { allowedSigners, gpgKeyring: undefined }
    expect(await source.verify({ object: commit, type: 'commit', trust })).toEqual({
      valid: true,
      signer: 'ana@example.com',
    })
  })

  it.each(['none', 'allowed_signers'])('are not made with a key file that is none: %s', async (name) => {
    const error = await portError(prepared('deploy/prod/9', join(directory, name)))
    expect(error).toMatchObject({ code: 'SourceRefused', remedy: containing('signingKeyFrom') })
  })
})

describe.skipIf(openPgp.missing !== undefined)(openPgp.title('GPG signatures'), () => {
  let gpgKeyring: string
  let secretKey: string
  const home = () => ({ GNUPGHOME: join(directory, 'gnupg') })

  const gpg = (...args: string[]): Buffer =>
    execFileSync(GPG, ['--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', ...args], {
      env: { PATH: process.env['PATH'], ...home() },
      stdio: ['ignore', 'pipe', 'ignore'],
    })

  const makeKey = (name: string, expires: string, ...more: string[]): void =>
    void gpg(...more, '--quick-generate-key', `${name} <${name}@example.com>`, 'ed25519', 'sign', expires)

  const signCommit = (name: string): string => {
    const parent = String(repository.head())
    const person = `Dora <dora@example.com> 1760000000 +0000`
    const tree = repository.git(['rev-parse', `${parent}^{tree}`])
    const headers = `tree ${tree}\nparent ${parent}\nauthor ${person}\ncommitter ${person}\n`
    const payload = file('payload', `${headers}\nSigned by ${name}\n`)
    const time = name === 'expired' ? ['--faked-system-time', '20200101T000000'] : []
    const signature = gpg(
      ...time,
      '--local-user',
      `${name}@example.com`,
      '--armor',
      '--detach-sign',
      '-o',
      '-',
      payload,
    )
    const header = `gpgsig ${signature.toString().trimEnd().replaceAll('\n', '\n ')}\n`
    const commit = repository.git(
      ['hash-object', '-t', 'commit', '-w', '--stdin'],
      `${headers}${header}\nSigned by ${name}\n`,
    )
    repository.setBranch('main', commit)
    return commit
  }

  const verify = async (object: string, keyring = gpgKeyring): Promise<Verification> => {
    await source.fetch(references)
    return source.verify({
      object,
      type: 'commit',
      trust: { allowedSigners: undefined, gpgKeyring: keyring },
    })
  }

  beforeAll(() => {
    mkdirSync(home().GNUPGHOME, { mode: 0o700 })
    if (repository.head() === undefined) repository.commit({ 'a.txt': 'a' })
    makeKey('forge', 'never', '--faked-system-time', '20240101T000000')
    makeKey('stranger', 'never')
    makeKey('expired', '2020-06-01', '--faked-system-time', '20200101T000000')
    gpgKeyring = file(
      'keyring.asc',
      gpg('--armor', '--export', 'forge@example.com', 'expired@example.com').toString(),
    )
    secretKey = file('secret.asc', gpg('--armor', '--export-secret-keys', 'forge@example.com').toString())
  })

  it("of a trusted key, such as a forge's own, name its owner", async () => {
    expect(await verify(signCommit('forge'))).toEqual({ valid: true, signer: 'forge <forge@example.com>' })
  })

  it('are checked with a binary keyring too', async () => {
    writeFileSync(join(directory, 'keyring.gpg'), gpg('--export', 'forge@example.com'))
    expect(await verify(signCommit('forge'), join(directory, 'keyring.gpg'))).toMatchObject({ valid: true })
  })

  it('of an unknown key are refused with the key', async () => {
    expect(await verify(signCommit('stranger'))).toMatchObject({
      valid: false,
      reason: containing('not in the keyring: '),
    })
  })

  it('of an expired key are refused', async () => {
    expect(await verify(signCommit('expired'))).toMatchObject({
      valid: false,
      reason: containing('expired GPG key'),
    })
  })

  it('do not cover a changed commit', async () => {
    signCommit('forge')
    const text = `${repository.git(['cat-file', 'commit', 'main'])}\n`
    const forged = repository.git(
      ['hash-object', '-t', 'commit', '-w', '--stdin'],
      text.replace('Signed by', 'Forged by'),
    )
    repository.setBranch('main', forged)
    expect(await verify(forged)).toMatchObject({
      valid: false,
      reason: containing('signature is bad'),
    })
  })

  it.each([
    ['no keyring', undefined, 'gpgKeyring is not set'],
    ['a keyring that is not there', '/none', 'does not exist'],
    ['a keyring that is none', 'payload', 'cannot be read'],
  ])('are refused with %s', async (_what, keyring, reason) => {
    const object = signCommit('forge')
    await source.fetch(references)
    const gpgFile = keyring === 'payload' ? join(directory, 'payload') : keyring
    const trust = { allowedSigners: undefined, gpgKeyring: gpgFile }
    expect(await source.verify({ object, type: 'commit', trust })).toMatchObject({
      valid: false,
      reason: containing(reason),
    })
  })

  it('are made for our own tags with an exported secret key', async () => {
    const object = await prepared('deploy/prod/11', secretKey)
    const trust = { allowedSigners: undefined, gpgKeyring }
    expect(await source.verify({ object, type: 'tag', tagName: 'deploy/prod/11', trust })).toEqual({
      valid: true,
      signer: 'forge <forge@example.com>',
    })
  })
})
