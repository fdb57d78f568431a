import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { terraformEnvironment } from '../../../controller/adapters/terraform/environment.ts'
import { createChildUsers } from '../../../controller/adapters/terraform/users.ts'
import { requires } from '../../support/requires.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'
import { terraformWorld } from './world.ts'

const run = promisify(execFile)
const isRoot = process.getuid?.() === 0

/** What a controller knows, by where it keeps it. */
const PLANTED = {
  GIT_TOKEN: 'planted-git-token',
  SLACK_URL: 'planted-slack-url',
  STEERSMAN_TOKEN: 'planted-api-token',
  AWS_SECRET_ACCESS_KEY: 'planted-aws-key',
  AWS_SESSION_TOKEN: 'planted-session-token',
  TF_VAR_password: 'planted-variable',
  TF_TOKEN_app_terraform_io: 'planted-registry-token',
  TF_CLI_ARGS: '-planted-arguments',
}
const IN_FILES = 'planted-in-the-data-directory'
const AS_ARGUMENT = 'planted-as-an-argument'

interface Prowl {
  readonly loot: string
  readonly isolation: string
}

/** A controller runs a prowler for Terraform; the answer is all that it could read. */
async function prowl(): Promise<Prowl> {
  const top = await temporaryDirectory('steersman-prowl')
  chmodSync(top, 0o711)
  const [loot, binaries, data] = ['loot', 'bin', 'data'].map((name) => join(top, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(loot, '')
  chmodSync(loot, 0o666)
  mkdirSync(binaries)
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(join(data, 'key'), IN_FILES, { mode: 0o600 })
  plantProwler({ binaries, loot, data })
  const controller = new URL('prowled-controller.ts', import.meta.url).pathname
  const { stdout } = await run(process.execPath, [controller, join(top, 'runs'), binaries, AS_ARGUMENT], {
    env: { PATH: process.env['PATH'], ...PLANTED },
    timeout: 60_000,
  })
  const { isolation } = JSON.parse(stdout) as { readonly isolation: string }
  return { loot: readFileSync(loot, 'latin1'), isolation }
}

function plantProwler(place: {
  readonly binaries: string
  readonly loot: string
  readonly data: string
}): string {
  const script = readFileSync(new URL('prowl.sh', import.meta.url), 'utf8')
    .replaceAll('LOOT', place.loot)
    .replaceAll('CONTROLLER', place.data)
  const file = join(place.binaries, 'terraform')
  writeFileSync(file, script)
  chmodSync(file, 0o755)
  return file
}

describe('What stands where Terraform stands', () => {
  it('has its own credentials, and none of the controller’s in its environment', async () => {
    const { loot, isolation } = await prowl()
    expect(loot).toContain('prowled as ')
    expect(loot).toContain('AWS_ACCESS_KEY_ID=given-to-terraform')
    const own = loot.slice(0, loot.indexOf('end of its own environment'))
    expect(own).toContain('TMPDIR=')
    for (const secret of [...Object.values(PLANTED), 'planted-profile']) expect(own).not.toContain(secret)
    // Only root can give it another user: else the operating system lets it read the controller's memory, and the session says so.
    expect(isolation).toBe(isRoot ? 'OtherUser' : 'SameUser')
    if (isRoot) for (const secret of [...Object.values(PLANTED), IN_FILES]) expect(loot).not.toContain(secret)
  }, 60_000)

  it('would find all of it, were it the same user with the same environment', async () => {
    const top = await temporaryDirectory('steersman-prowl')
    const [loot, data] = [join(top, 'loot'), join(top, 'data')]
    mkdirSync(data)
    writeFileSync(join(data, 'key'), IN_FILES)
    const prowler = plantProwler({ binaries: top, loot, data })
    const env = { PATH: process.env['PATH'], HOME: top, TMPDIR: top, ...PLANTED }
    spawnSync('/bin/sh', ['-c', `${prowler}; :`], { env, cwd: data, timeout: 60_000 })
    const found = readFileSync(loot, 'latin1')
    for (const secret of [...Object.values(PLANTED), IN_FILES]) expect(found).toContain(secret)
  }, 60_000)
})

const terraform = requires('terraform')

describe.skipIf(terraform.missing !== undefined)(
  terraform.title('A root of the real Terraform'),
  { timeout: 90_000 },
  () => {
    it('that reads /proc finds its own clean environment, and the controller’s only where nobody can part them', async () => {
      const { open } = await terraformWorld({
        outerEnvironment: { PATH: process.env['PATH'], GIT_TOKEN: PLANTED.GIT_TOKEN },
      })
      const session = await open(`
output "own" { value = file("/proc/self/environ") }
output "controller" { value = try(file("/proc/${process.pid}/environ"), "denied") }
`)
      const planned = await session.plan({ isRefreshOnly: false, lockTimeoutMs: undefined })
      const json = JSON.stringify(planned)
      expect(json).toContain('TF_IN_AUTOMATION=1')
      expect(json).not.toContain(PLANTED.GIT_TOKEN)
      expect(session.isolation).toBe(isRoot ? 'OtherUser' : 'SameUser')
      expect(json.includes('"denied"')).toBe(isRoot)
    })

    it('can’t read another session, which has another user', async () => {
      const { open, stateFile } = await terraformWorld()
      const secret = 'planted-in-another-session'
      const other = await open('variable "key" {}', { variables: { key: secret } })
      const files = `fileset("${stateFile.replace(/\/states\/.*/, '/runs')}", "**")`
      const session = await open(`output "files" { value = try(${files}, "denied") }`)
      const planned = await session.plan({ isRefreshOnly: false, lockTimeoutMs: undefined })
      expect(JSON.stringify(planned)).not.toContain(isRoot ? 'steersman.tfvars.json' : secret)
      expect(await other.plan({ isRefreshOnly: false, lockTimeoutMs: undefined })).toMatchObject({
        result: 'Planned',
      })
    })
  },
)

describe('The environment of Terraform', () => {
  const environmentOf = (outer: NodeJS.ProcessEnv, credentials: Readonly<Record<string, string>> = {}) =>
    terraformEnvironment({ outer, home: '/h', temporary: '/t', user: 'run-1', credentials })

  it('has a configuration of the CLI only where it is there', () => {
    expect(environmentOf({ TF_CLI_CONFIG_FILE: '/nowhere/rc' })).not.toHaveProperty('TF_CLI_CONFIG_FILE')
    expect(environmentOf({ TF_CLI_CONFIG_FILE: '/dev/null' })).toMatchObject({
      TF_CLI_CONFIG_FILE: '/dev/null',
    })
  })

  it('takes settings of AWS as credentials, and nothing that names files or other programs', () => {
    const environment = environmentOf(
      { HOME: '/root', AWS_ACCESS_KEY_ID: 'ours' },
      {
        AWS_REGION: 'eu-west-1',
        AWS_CONFIG_FILE: '/root/.aws/config',
        PATH: '/evil',
        LD_PRELOAD: '/evil.so',
        HOME: '/evil',
      },
    )
    expect(environment).toMatchObject({ HOME: '/h', AWS_REGION: 'eu-west-1', AWS_CONFIG_FILE: '/dev/null' })
    expect(JSON.stringify(environment)).not.toMatch(/evil|ours/)
  })
})

describe('Users of sessions', () => {
  const nobodyTakes = () => Promise.resolve(new Set<number>())
  const allAreFree = () => Promise.resolve(() => undefined)

  it('are all different while they are open, and none where we are not root', async () => {
    const users = createChildUsers(true, nobodyTakes, allAreFree)
    const [one, other] = await Promise.all([users.take(), users.take()])
    expect(one).not.toEqual(other)
    users.giveBack(one)
    const again = await users.take()
    expect(again).toEqual(one)
    for (const user of [again, other]) users.giveBack(user)
    expect(await createChildUsers(false).take()).toBeUndefined()
  })

  it('are not those of another controller on this machine, whose processes would be ended with theirs', async () => {
    const [ours, theirs] = [createChildUsers(true), createChildUsers(true)]
    const [one, other] = await Promise.all([ours.take(), theirs.take()])
    expect(one?.uid).not.toBe(other?.uid)
    theirs.giveBack(other)
    ours.giveBack(one)
  })

  it('stay with their environment, whose state may be a file of theirs', async () => {
    const users = createChildUsers(true, nobodyTakes, allAreFree)
    const other = await users.take()
    const one = await users.take('demo')
    const meanwhile = await users.take('demo')
    expect(meanwhile?.uid).not.toBe(one?.uid)
    for (const user of [other, one, meanwhile]) users.giveBack(user)
    expect(await users.take('prod')).toEqual(other)
    expect(await users.take('demo')).toEqual(one)
  })

  it('stay with their environment, also where a second session of it is opened while the first one runs', async () => {
    const running = new Set<number>()
    const users = createChildUsers(true, () => Promise.resolve(running), allAreFree)
    const one = await users.take('demo')
    running.add(one?.uid ?? 0)
    const meanwhile = await users.take('demo')
    expect(meanwhile?.uid).not.toBe(one?.uid)
    running.clear()
    for (const user of [one, meanwhile]) users.giveBack(user)
    expect(await users.take('demo')).toEqual(one)
  })

  it('do not stay where something of the environment still runs', async () => {
    const left = new Set<number>()
    const users = createChildUsers(true, () => Promise.resolve(left), allAreFree)
    const one = await users.take('demo')
    users.giveBack(one)
    left.add(one?.uid ?? 0)
    const next = await users.take('demo')
    expect(next?.uid).not.toBe(one?.uid)
    left.clear()
    expect(await users.take('prod')).toEqual(one)
    users.giveBack(next)
    expect(await users.take('demo')).toEqual(next)
  })

  it('are not taken again while something of an earlier session still runs', async () => {
    const left = new Set<number>()
    const users = createChildUsers(true, () => Promise.resolve(left))
    const one = await users.take()
    users.giveBack(one)
    left.add(one?.uid ?? 0)
    const next = await users.take()
    expect(next?.uid).not.toBe(one?.uid)
    users.giveBack(next)
  })

  it.skipIf(!isRoot)(`are known by their processes${isRoot ? '' : ' (skipped: not root)'}`, async () => {
    const users = createChildUsers(true)
    const one = await users.take()
    const child = spawn('/bin/sleep', ['60'], { uid: one?.uid ?? 0, stdio: 'ignore' })
    await once(child, 'spawn')
    users.giveBack(one)
    const next = await users.take()
    child.kill('SIGKILL')
    expect(next?.uid).not.toBe(one?.uid)
  })

  it.skipIf(!isRoot)(
    `are known by processes that took another on${isRoot ? '' : ' (skipped: not root)'}`,
    async () => {
      const users = createChildUsers(true)
      const one = await users.take()
      const directory = await temporaryDirectory('steersman-hidden')
      chmodSync(directory, 0o711)
      // As su and ping are: /proc/<pid> belongs to root then, but for a disk that is mounted nosuid.
      copyFileSync('/bin/sleep', join(directory, 'sleep'))
      chmodSync(join(directory, 'sleep'), 0o4711)
      const child = spawn(join(directory, 'sleep'), ['60'], { uid: one?.uid ?? 0, stdio: 'ignore' })
      onTestFinished(() => void child.kill('SIGKILL'))
      await once(child, 'spawn')
      users.giveBack(one)
      expect((await users.take())?.uid).not.toBe(one?.uid)
    },
  )

  it('come to an end', async () => {
    const users = createChildUsers(true, nobodyTakes, allAreFree)
    const all = Array.from({ length: 5_000 }, () => users.take())
    await expect(Promise.all(all)).rejects.toThrow('more than 4336 sessions are open')
    await Promise.allSettled(all)
  })
})
