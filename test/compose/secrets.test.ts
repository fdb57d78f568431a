import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { createRedactor } from '../../controller/adapters/telemetry/redactor.ts'
import { createSecrets } from '../../controller/compose/secrets.ts'
import { temporaryDirectory } from '../support/temp-directory.ts'

function secretsOf(variables: Record<string, string> = {}) {
  const redactor = createRedactor()
  return { redactor, secrets: createSecrets({ redactor, variables }) }
}

describe('a secret', () => {
  it('is the variable’s value, and is kept out of what is written', () => {
    const { secrets, redactor } = secretsOf({ TOKEN: 'swordfish-1' })
    expect(secrets.read({ env: 'TOKEN' })).toBe('swordfish-1')
    expect(redactor.text('a swordfish-1 b')).not.toContain('swordfish')
  })

  it('is read from its file each time, without the newline at its end', async () => {
    const file = join(await temporaryDirectory(), 'token')
    const { secrets, redactor } = secretsOf()
    writeFileSync(file, 'first-secret\n')
    expect(secrets.read({ file })).toBe('first-secret')
    writeFileSync(file, 'second-secret')
    expect(secrets.read({ file })).toBe('second-secret')
    expect(redactor.text('first-secret second-secret')).toBe('[redacted] [redacted]')
  })

  it.each([{ env: 'NOT_THERE' }, { env: 'EMPTY' }, { file: '/nowhere/token' }])(
    'that is missing is told with its place: %j',
    (source) => {
      const { secrets } = secretsOf({ EMPTY: '' })
      const place = source.env ?? source.file
      expect(() => secrets.read(source)).toThrow(place)
      expect(() => secrets.read(source)).toThrow(
        expect.objectContaining({ code: 'SecretMissing', handling: 'stall' }),
      )
    },
  )

  it('as a file is its own file, or a private copy that is removed at the end', () => {
    const { secrets } = secretsOf({ KEY: 'line one\nline two' })
    expect(secrets.file({ file: '/etc/key' })).toBe('/etc/key')
    const path = secrets.file({ env: 'KEY' })
    expect(secrets.file({ env: 'KEY' })).toBe(path)
    expect(readFileSync(path, 'utf8')).toBe('line one\nline two\n')
    expect(statSync(path).mode & 0o077).toBe(0)
    secrets.close()
    expect(existsSync(path)).toBe(false)
  })

  it('is forgotten by the redactor only long after it was replaced', async () => {
    const file = join(await temporaryDirectory(), 'token')
    const { secrets, redactor } = secretsOf()
    for (let number = 0; number <= 200; number += 1) {
      writeFileSync(file, `rotated-secret-${number}.`)
      secrets.read({ file })
    }
    expect(redactor.text('rotated-secret-0.')).toBe('rotated-secret-0.')
    expect(redactor.text('rotated-secret-1. rotated-secret-200.')).toBe('[redacted] [redacted]')
  })

  it('of the cluster is asked for before it is read, and a copy of it follows its changes', async () => {
    const { secrets, redactor } = secretsOf()
    const secretRef = { name: 'git', key: 'token' }
    await secrets.prepare([{ secretRef }])
    expect(() => secrets.read({ secretRef })).toThrow('the key token of the Secret git')
    const asked: string[] = []
    const values = new Map([['git token', 'swordfish-1\n']])
    secrets.useCluster({
      follow: async (names) => void asked.push(...names),
      value: (name, key) => values.get(`${name} ${key}`),
    })
    await secrets.prepare([
      { secretRef },
      undefined,
      { env: 'A' },
      { secretRef: { name: 'git', key: 'other' } },
    ])
    expect(asked).toEqual(['git'])
    expect(secrets.read({ secretRef })).toBe('swordfish-1')
    expect(redactor.text('a swordfish-1 b')).not.toContain('swordfish')
    const path = secrets.file({ secretRef })
    expect(readFileSync(path, 'utf8')).toBe('swordfish-1\n')
    values.set('git token', 'swordfish-2')
    expect(secrets.file({ secretRef })).toBe(path)
    expect(readFileSync(path, 'utf8')).toBe('swordfish-2\n')
    expect(statSync(path).mode & 0o077).toBe(0)
    secrets.close()
    expect(existsSync(path)).toBe(false)
  })
})
