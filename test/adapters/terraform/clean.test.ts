import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { describeProcess, fateOf } from '../../../controller/adapters/terraform/processes.ts'
import { processesOf } from '../../../controller/adapters/terraform/run-processes.ts'
import { createChildUsers } from '../../../controller/adapters/terraform/users.ts'
import type { TerraformProcess } from '../../../controller/ports/terraform.ts'
import { startControllerToKill } from '../../support/controller-to-kill.ts'
import { eventually } from '../../support/eventually.ts'
import { requires } from '../../support/requires.ts'
import { requestFor, terraformWorld } from './world.ts'

const found = requires('terraform')
const PATIENCE_MS = 180_000

describe.skipIf(found.missing !== undefined)(
  found.title('Cleaning up after a controller'),
  { timeout: PATIENCE_MS },
  () => {
    it('ends the plan that it left behind, and neither an apply nor what another controller runs', async () => {
      const { terraform, stateFile, directory } = await terraformWorld()
      const request = requestFor(
        `resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "until [ -e ${stateFile}.go ]; do sleep 0.1; done"
  }
}`,
        stateFile,
      )
      onTestFinished(() => writeFileSync(`${stateFile}.go`, ''))
      const holder = startControllerToKill({ directory, does: 'apply', request })
      const { process: apply } = await holder.running()
      const lockFile = stateFile.replace(/([^/]+)$/, '.$1.lock.info')
      await eventually(
        () => existsSync(lockFile),
        (isThere) => isThere,
        { what: 'the lock', withinMs: PATIENCE_MS },
      )
      // A bucket would show everybody who holds the lock, so that they wait for it; a file has to be opened.
      chmodSync(lockFile, 0o644)
      const before = readdirSync(directory)
      const waiting = startControllerToKill({ directory, does: 'plan', request })
      await waiting.untilOpen()
      const run = readdirSync(directory).find((each) => !before.includes(each)) ?? ''
      const planning = await eventually(
        () => processesOf(join(directory, run)),
        (running) => running.some(({ isLeader }) => isLeader),
        { what: 'a plan that waits', withinMs: PATIENCE_MS },
      )
      expect(planning.some(({ isApply }) => isApply)).toBe(false)
      await terraform.clean()
      expect(readdirSync(directory)).toHaveLength(2)
      expect(await processesOf(join(directory, run))).not.toEqual([])
      await Promise.all([holder.kill(), waiting.kill()])
      await terraform.clean()
      expect(readdirSync(directory)).toEqual(before)
      expect(await processesOf(join(directory, run))).toEqual([])
      expect(fateOf(apply)).toBe('Running')
      writeFileSync(`${stateFile}.go`, '')
      await eventually(
        () => fateOf(apply),
        (fate) => fate === 'Ended',
        { withinMs: PATIENCE_MS },
      )
      await terraform.clean()
      expect(readdirSync(directory)).toEqual([])
    })
  },
)

describe.skipIf(process.platform !== 'linux')('What a controller left behind', () => {
  const here = describeProcess(process.pid)
  const DAY_SECONDS = 86_400

  function plant(directory: string, owner: TerraformProcess | undefined): void {
    mkdirSync(join(directory, 'logs'), { recursive: true })
    mkdirSync(join(directory, 'child', 'home'), { recursive: true })
    if (owner !== undefined) writeFileSync(join(directory, 'logs', 'owner.json'), JSON.stringify(owner))
  }

  it.each([
    ['still runs', here, 'stays'],
    ['is gone, and its number another’s', { ...here, startTime: '1' }, 'goes'],
    ['ran before the machine was started', { ...here, boot: 'of-another-time' }, 'goes'],
    ['runs in another container of this host', { ...here, boot: `${here.boot}/pid:[4]` }, 'stays'],
    ['runs on another host', { ...here, host: 'elsewhere' }, 'stays'],
    ['has not said yet who it is', undefined, 'stays'],
  ] as const)('is kept or removed, when it %s', async (_, owner, fate) => {
    const { terraform, directory } = await terraformWorld()
    plant(join(directory, 'run-Abc123'), owner)
    await terraform.clean()
    expect(existsSync(join(directory, 'run-Abc123'))).toBe(fate === 'stays')
    expect(fateOf(here)).toBe('Running')
  })

  it('is removed when nobody said in a day whose it is', async () => {
    const { terraform, directory } = await terraformWorld()
    const run = join(directory, 'run-Abc123')
    plant(run, undefined)
    const yesterday = Date.now() / 1_000 - DAY_SECONDS
    utimesSync(run, yesterday, yesterday)
    await terraform.clean()
    expect(readdirSync(directory)).toEqual([])
  })

  it('stays where it is no run', async () => {
    const { terraform, directory } = await terraformWorld()
    await terraform.clean()
    plant(join(directory, 'other'), { ...here, startTime: '1' })
    plant(join(directory, 'run-Abc.123'), { ...here, startTime: '1' })
    writeFileSync(join(directory, 'run-File12'), '')
    await terraform.clean()
    expect(readdirSync(directory).toSorted()).toEqual(['other', 'run-Abc.123', 'run-File12'])
  })

  it('is killed when it heeds no interrupt, wherever it went; what is of another run is not', async () => {
    const { terraform, directory } = await terraformWorld({ limits: { graceMs: 300 } })
    plant(join(directory, 'run-Gone12'), { ...here, startTime: '1' })
    plant(join(directory, 'run-Live12'), here)
    const start = async (run: string): Promise<TerraformProcess> => {
      const child = spawn('/bin/sh', ['-c', "trap '' INT; echo; while :; do sleep 0.1; done"], {
        cwd: '/',
        detached: true,
        env: { PATH: '/usr/bin:/bin', HOME: join(directory, run, 'child', 'home') },
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      onTestFinished(() => void child.kill('SIGKILL'))
      await once(child.stdout, 'data')
      return describeProcess(child.pid ?? 0)
    }
    const [stubborn, other] = [await start('run-Gone12'), await start('run-Live12')]
    await terraform.clean()
    expect([fateOf(stubborn), fateOf(other)]).toEqual(['Ended', 'Running'])
    expect(readdirSync(directory)).toEqual(['run-Live12'])
  })

  const isRoot = process.getuid?.() === 0
  it.skipIf(!isRoot)(
    `had a user: what runs as it is ended, but not where another controller has it by now${isRoot ? '' : ' (skipped: not root)'}`,
    async () => {
      const { terraform, directory } = await terraformWorld({ limits: { graceMs: 0 } })
      const another = createChildUsers(true)
      const user = await another.take()
      const uid = user?.uid ?? 0
      const child = spawn('/bin/sleep', ['60'], { uid, env: { HOME: '/' }, detached: true, stdio: 'ignore' })
      onTestFinished(() => void child.kill('SIGKILL'))
      await once(child, 'spawn')
      const applies = describeProcess(child.pid ?? 0)
      const cleanUp = async (): Promise<void> => {
        plant(join(directory, 'run-Gone12'), { ...here, startTime: '1' })
        chownSync(join(directory, 'run-Gone12', 'child'), uid, uid)
        await terraform.clean()
        expect(readdirSync(directory)).toEqual([])
      }
      await cleanUp()
      expect(fateOf(applies)).toBe('Running')
      another.giveBack(user)
      await cleanUp()
      expect(fateOf(applies)).toBe('Ended')
    },
  )
})
