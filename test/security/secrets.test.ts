import { describe, expect, it } from 'vitest'
import { classifyError } from '../../controller/adapters/aws/client/errors.ts'
import { credentialSecrets } from '../../controller/adapters/aws/client/credentials.ts'
import { parseAddress } from '../../controller/adapters/git/address.ts'
import { classifyFailure, GitFailure } from '../../controller/adapters/git/errors.ts'

const context = { operation: 'ecs:RegisterTaskDefinition', writes: true, accountId: '1', region: 'eu-west-1' }

describe('what AWS repeats of a request', () => {
  it.each([
    ['as it was sent', 'hunter-2-hunter', 'Invalid value hunter-2-hunter'],
    ['as JSON', 'a"quoted"one', 'Invalid value {"value":"a\\"quoted\\"one"}'],
  ])('is taken out of the error %s', (_how, secret, said) => {
    const thrown = Object.assign(new Error(said), {
      name: 'ClientException',
      $metadata: { httpStatusCode: 400 },
    })
    const { message, cause } = classifyError(thrown, { ...context, secrets: [secret] })
    expect(`${message} ${String(cause)}`).not.toMatch(/hunter|quoted/)
    expect(message).toContain('[redacted]')
  })

  it('may name what is no secret, however short', () => {
    const thrown = Object.assign(new Error('Invalid cpu 256'), {
      name: 'ClientException',
      $metadata: { httpStatusCode: 400 },
    })
    expect(classifyError(thrown, { ...context, secrets: ['256', ''] }).message).toContain('Invalid cpu 256')
  })
})

describe('credentials', () => {
  it('are kept out of errors, also the ones before, and are forgotten in time', async () => {
    const secrets = credentialSecrets()
    let turn = 0
    const source = secrets.remembering(() => {
      turn += 1
      return Promise.resolve({
        accessKeyId: 'id',
        secretAccessKey: `key-${turn}`,
        sessionToken: `token-${turn}`,
      })
    })
    for (let call = 0; call < 14; call += 1) await source()
    const newest = Array.from({ length: 12 }, (_, index) => 14 - index)
    expect(secrets.known()).toEqual(newest.flatMap((number) => [`key-${number}`, `token-${number}`]))
  })
})

describe('what a git server repeats', () => {
  const url = 'https://robot:from-the-url@example.com/shop.git'
  const { secrets } = parseAddress({ url, credentials: { token: 'from-the-file' } })
  const basic = Buffer.from('robot:from-the-file').toString('base64')

  it.each([
    ['the token', 'from-the-file'],
    ['the password in the address, although a token took its place', 'from-the-url'],
    ['the Authorization header', basic],
  ])('loses %s', (_what, secret) => {
    const failure = new GitFailure('fetch', { ended: 'exited', stderr: `remote: refused ${secret}\n` })
    expect(classifyFailure(failure, 'fetch', secrets).message).not.toContain(secret)
  })
})
