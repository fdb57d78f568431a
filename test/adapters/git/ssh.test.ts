import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { containing, createTestSource, portError } from '../../support/git-source.ts'
import { createRepository } from '../../support/repository.ts'
import type { TestRepository } from '../../support/repository.ts'

const references = { branch: 'main', tagPrefix: 'deploy/prod/' }

let directory: string
let repository: TestRepository
let opened: ReturnType<typeof createTestSource> | undefined

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'steersman test ssh-'))
  repository = createRepository()
})

afterEach(() => {
  opened?.remove()
  repository.remove()
  rmSync(directory, { recursive: true, force: true })
})

/** Puts a program named ssh first on the path: it writes down its arguments and does what the script says. */
function openWithSsh(script: string, credentials: Parameters<typeof createTestSource>[1] = {}) {
  const programs = join(directory, 'bin')
  mkdirSync(programs)
  writeFileSync(
    join(programs, 'ssh'),
    `#!/bin/sh\nprintf '%s\\n' "$@" > '${directory}/arguments'\nenv > '${directory}/env'\n${script}\n`,
  )
  chmodSync(join(programs, 'ssh'), 0o755)
  opened = createTestSource(`ssh://git@git.example.com${repository.path}`, {
    outerEnvironment: {
      PATH: `${programs}:${process.env['PATH'] ?? ''}`,
      SSH_AUTH_SOCK: '/agent',
      SECRET: 'x',
    },
    ...credentials,
  })
  return opened.source
}

const seen = (name: string): readonly string[] => readFileSync(join(directory, name), 'utf8').split('\n')

/** The last argument is the command for the other side. */
const RUN_COMMAND = 'for last; do :; done\nunset GIT_DIR\nexec sh -c "$last"'

describe('over ssh', () => {
  it('reads with the key and the known hosts that were given, and asks nobody', async () => {
    const commit = repository.commit({ 'a.txt': 'a' })
    const credentials = { sshKeyFile: `${directory}/key's 100%`, knownHostsFile: `${directory}/known hosts` }
    const source = openWithSsh(RUN_COMMAND, { credentials })
    await source.fetch(references)
    expect(await source.hasCommit(commit)).toBe(true)
    const options = seen('arguments')
    expect(options).toEqual(
      expect.arrayContaining([
        'BatchMode=yes',
        'StrictHostKeyChecking=yes',
        'IdentitiesOnly=yes',
        `IdentityFile="${directory}/key's 100%%"`,
        `UserKnownHostsFile="${directory}/known hosts"`,
        'git@git.example.com',
      ]),
    )
    expect(seen('env').filter((line) => /^(?:SECRET|SSH_AUTH_SOCK)=/.test(line))).toEqual([])
  })

  it('uses the agent where no key was given', async () => {
    repository.commit({ 'a.txt': 'a' })
    await openWithSsh(RUN_COMMAND).references(references)
    expect(seen('env')).toContain('SSH_AUTH_SOCK=/agent')
    expect(seen('arguments').join(' ')).not.toContain('Identit')
  })

  it.each([
    ['Host key verification failed.', 'SourceRefused', 'knownHostsFile'],
    ['git@git.example.com: Permission denied (publickey).', 'SourceRefused', 'credentialsFrom'],
    ['ERROR: Repository not found.', 'SourceMissing', 'Create the repository'],
    ['ssh: connect to host git.example.com port 22: Connection timed out', 'SourceUnavailable', 'reached'],
  ])('classes "%s" as %s', async (message, code, remedy) => {
    const error = await portError(openWithSsh(`echo '${message}' >&2\nexit 255`).references(references))
    expect(error).toMatchObject({ code, remedy: containing(remedy) })
    expect(error.message).toContain(message.replace('ERROR: ', '').slice(0, 20))
  })

  it('ends an ssh that hangs', async () => {
    const source = openWithSsh(`echo $$ > '${directory}/pid'\nexec sleep 300`, { timeoutMs: 700 })
    expect((await portError(source.references(references))).message).toContain('took too long')
    const state = spawnSync('ps', ['-o', 'stat=', '-p', String(seen('pid')[0])]).stdout.toString()
    expect(state).toMatch(/^(?:Z.*)?\s*$/)
  })
})
