import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { createHttpHandler } from '../../../controller/adapters/aws/client/http-handler.ts'
import { awsOver, defaultCredentialChain } from './fake-aws.ts'

const folder = mkdtempSync(join(tmpdir(), 'steersman-aws-'))
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

afterEach(() => vi.unstubAllEnvs())
afterAll(() => rmSync(folder, { recursive: true }))

/** Nothing of the machine's own settings is left but what the test sets. */
function machineWith(variables: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined)
  const none = join(folder, 'none')
  const quiet = {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: none,
    AWS_SHARED_CREDENTIALS_FILE: none,
  }
  for (const [name, value] of Object.entries({ ...quiet, ...variables })) vi.stubEnv(name, value)
}

const expiration = new Date(Date.now() + 3_600_000).toISOString()
const issued = (accessKeyId: string) => () => ({
  result: {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: 's',
      SessionToken: 't',
      Expiration: expiration,
    },
  },
})

describe("AWS's own chain of credentials", () => {
  it('takes the keys of the environment', async () => {
    machineWith({ AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 's' })
    const { aws, calls } = awsOver({}, defaultCredentialChain)
    await aws.identity()
    expect(calls.map(({ accessKeyId }) => accessKeyId)).toEqual(['AKIDENV'])
  })

  it('takes a web identity token, and a role on top of it', async () => {
    const token = file('token', 'planted-token')
    machineWith({
      AWS_WEB_IDENTITY_TOKEN_FILE: token,
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/controller',
    })
    const { aws, calls } = awsOver(
      { AssumeRoleWithWebIdentity: issued('AKIDWEB'), AssumeRole: issued('AKIDROLE') },
      { ...defaultCredentialChain, roleArn: 'arn:aws:iam::123456789012:role/steersman-prod' },
    )
    await aws.identity()
    expect(calls.map(({ operation, accessKeyId }) => `${operation} ${accessKeyId}`)).toEqual([
      'AssumeRoleWithWebIdentity ',
      'AssumeRole AKIDWEB',
      'GetCallerIdentity AKIDROLE',
    ])
  })

  it('says so when there are none', async () => {
    machineWith({})
    const { aws, calls } = awsOver({}, defaultCredentialChain)
    await expect(aws.identity()).rejects.toMatchObject({ code: 'CredentialsMissing', handling: 'stall' })
    expect(calls).toEqual([])
  })
})

describe('AWS_CA_BUNDLE', () => {
  it.each([
    ['set to a file', 'bundle.pem'],
    ['empty', undefined],
  ])('is taken when it is %s', (_, name) => {
    const caBundle = name === undefined ? '' : file(name, 'certificates')
    expect(() => createHttpHandler({ callTimeoutMs: 1_000, caBundle }).destroy()).not.toThrow()
  })

  it('is named where it cannot be read', () => {
    const caBundle = join(folder, 'gone.pem')
    expect(() => createHttpHandler({ callTimeoutMs: 1_000, caBundle })).toThrow(
      expect.objectContaining({
        code: 'CertificateNotTrusted',
        message: expect.stringContaining(caBundle) as string,
      }),
    )
  })
})
