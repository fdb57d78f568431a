import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startMachine, STORY } from '../../support/machine.ts'
import { requires } from '../../support/requires.ts'
import { makeTemporaryDirectory } from '../../support/temp-directory.ts'

const found = requires('ssh-keygen')

describe.skipIf(found.missing !== undefined)(
  found.title('an environment that wants signed commits'),
  STORY,
  () => {
    it('deploys those of its signers alone', async (context) => {
      const directory = await makeTemporaryDirectory()
      context.onTestFinished(directory.remove)
      const key = join(directory.path, 'key')
      const allowedSigners = join(directory.path, 'allowed_signers')
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ana', '-f', key], {
        timeout: 20_000,
      })
      writeFileSync(allowedSigners, `ana@example.com ${readFileSync(`${key}.pub`, 'utf8')}`)
      const signed = { sign: true, settings: ['gpg.format=ssh', `user.signingKey=${key}`] }
      const verify = { mode: 'HEAD', allowedSigners }
      const machine = await startMachine(context, { spec: { source: { verify } } })
      await machine.start()
      await machine.untilDeployed(machine.push({ version: 'v1' }, signed))
      const writes = machine.writes()
      machine.push({ version: 'v2' })
      await machine.nextReconcile()
      expect(await machine.conditions()).toContain('Stalled(SignatureInvalid)')
      expect(machine.writes()).toEqual(writes)
      expect(await machine.served()).toBe('v1')
      await machine.untilDeployed(machine.push({ version: 'v3' }, signed))
      expect(await machine.served()).toBe('v3')
    })
  },
)
