import { once } from 'node:events'
import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { describe, expect, it, onTestFinished } from 'vitest'
import { describeProcess, fateOf } from '../../../controller/adapters/terraform/processes.ts'
import { processesOf } from '../../../controller/adapters/terraform/run-processes.ts'
import type { RunningApply, TerraformEvent, TerraformProcess } from '../../../controller/ports/terraform.ts'
import { killApply, startControllerToKill } from '../../support/controller-to-kill.ts'
import { eventually } from '../../support/eventually.ts'
import { portError } from '../../support/git-source.ts'
import { requires } from '../../support/requires.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'
import { requestFor, terraformWorld } from './world.ts'

const found = requires('terraform')
const PATIENCE_MS = 180_000
const LOCKED = { isRefreshOnly: false, lockTimeoutMs: 0 }

/** Two objects, the second after the first, which waits until `go` is there. */
const slowRoot = (go: string): string => `
resource "terraform_data" "first" {
  provisioner "local-exec" {
    command = "until [ -e ${go} ]; do sleep 0.1; done"
  }
}
resource "terraform_data" "second" {
  depends_on = [terraform_data.first]
}
`
const typesOf = (events: readonly TerraformEvent[]): readonly string[] => events.map(({ type }) => type)

/** A world with a controller whose apply is under way and waits. */
async function killedInTheMiddle() {
  const world = await terraformWorld()
  const go = `${world.stateFile}.go`
  const request = requestFor(slowRoot(go), world.stateFile)
  const controller = startControllerToKill({ directory: world.directory, does: 'apply', request })
  const running = await controller.running()
  await eventually(
    async () => (await processesOf(running.directory)).length,
    (count) => count > 1,
    { what: 'the provisioner', withinMs: PATIENCE_MS },
  )
  await controller.kill()
  return { ...world, running, letGo: () => writeFileSync(go, '') }
}

describe.skipIf(found.missing !== undefined)(
  found.title('An apply whose controller was killed'),
  { timeout: PATIENCE_MS },
  () => {
    it('is followed to its end: its state is whole, its lock free, its directory gone', async () => {
      const { terraform, running, directory, letGo, open, stateFile } = await killedInTheMiddle()
      await terraform.clean()
      expect(readdirSync(directory)).toHaveLength(1)
      const events: TerraformEvent[] = []
      const followed = terraform.follow(running, { onEvent: (event) => events.push(event) })
      await eventually(
        () => typesOf(events),
        (types) => types.includes('ResourceStarted'),
        { withinMs: PATIENCE_MS },
      )
      expect(fateOf(running.process)).toBe('Running')
      letGo()
      expect(await followed).toBe('Ended')
      expect(typesOf(events).filter((type) => type === 'ResourceCompleted')).toHaveLength(2)
      expect(readdirSync(directory)).toEqual([])
      const state = JSON.parse(readFileSync(stateFile, 'utf8')) as { resources: unknown[] }
      expect(state.resources).toHaveLength(2)
      const session = await open(slowRoot(`${stateFile}.go`))
      expect(await session.plan(LOCKED)).toMatchObject({ result: 'Planned', hasChanges: false })
    })

    it('goes on when nobody wants to follow it any more', async () => {
      const { terraform, running, letGo } = await killedInTheMiddle()
      const unwanted = new AbortController()
      const followed = portError(terraform.follow(running, { signal: unwanted.signal }))
      unwanted.abort()
      expect(await followed).toMatchObject({ code: 'TerraformAborted', handling: 'retry' })
      expect(fateOf(running.process)).toBe('Running')
      letGo()
      expect(await terraform.follow(running, {})).toBe('Ended')
    })

    it('keeps its user to itself, and its directory after its end', async () => {
      const { running, open, letGo, directory } = await killedInTheMiddle()
      const userOf = (run: string): number => statSync(join(directory, run, 'child')).uid
      const own = basename(running.directory)
      const nextUser = async (): Promise<number> => {
        const session = await open('')
        const other = readdirSync(directory).find((run) => run !== own) ?? ''
        const user = userOf(other)
        await session.close()
        return user
      }
      const isRoot = process.getuid?.() === 0
      expect((await nextUser()) === userOf(own)).toBe(!isRoot)
      letGo()
      await eventually(
        () => fateOf(running.process),
        (fate) => fate === 'Ended',
        { withinMs: PATIENCE_MS },
      )
      expect((await nextUser()) === userOf(own)).toBe(!isRoot)
    })

    it('is over at once when it was killed too, and leaves no lock where the operating system keeps it', async () => {
      const { terraform, running, directory, open, stateFile } = await killedInTheMiddle()
      killApply(running.process)
      expect(await terraform.follow(running, {})).toBe('Ended')
      expect(await processesOf(running.directory)).toEqual([])
      expect(readdirSync(directory)).toEqual([])
      // A bucket would let everybody write over what is left; a file has to be opened.
      chmodSync(stateFile.replace(/([^/]+)$/, '.$1.lock.info'), 0o666)
      const session = await open(slowRoot(`${stateFile}.go`))
      expect(await session.plan(LOCKED)).toMatchObject({ result: 'Planned', hasChanges: true })
    })

    it('is not found again under a number that was given to another', async () => {
      const { terraform, running, directory } = await killedInTheMiddle()
      const earlier = { ...running, process: { ...running.process, startTime: '1' } }
      expect(await terraform.follow(earlier, {})).toBe('Ended')
      expect(fateOf(running.process)).toBe('Running')
      expect(readdirSync(directory)).toHaveLength(1)
    })
  },
)

describe.skipIf(process.platform !== 'linux')('A stored apply', () => {
  const gone: TerraformProcess = { ...describeProcess(process.pid), pid: 2 ** 22 + 1, startTime: '1' }

  it.each([
    ['another host', { ...gone, host: 'elsewhere' }, 'Elsewhere'],
    ['another container of this host', { ...gone, boot: `${gone.boot}/pid:[4]` }, 'Elsewhere'],
    ['a machine without /proc', { ...gone, boot: '', startTime: '' }, 'Elsewhere'],
    ['another boot of this host', { ...gone, boot: 'of-another-time' }, 'Ended'],
    ['a process that is gone', gone, 'Ended'],
    ['an earlier process of this number', { ...describeProcess(process.pid), startTime: '1' }, 'Ended'],
  ] as const)('of %s is told apart', async (_, stored, fate) => {
    const { terraform } = await terraformWorld()
    expect(stored.host === hostname()).toBe(stored.host !== 'elsewhere')
    const running: RunningApply = { process: stored, directory: '/nowhere', lockId: undefined }
    expect(await terraform.follow(running, {})).toBe(fate)
  })

  it('whose process is a zombie has ended', async () => {
    // The child ends only after the shell has become `sleep`, which waits for nobody; a shell would.
    const parent = spawn('/bin/sh', ['-c', '(read -r line) <&3 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    })
    onTestFinished(() => void parent.kill('SIGKILL'))
    const [, output, , input] = parent.stdio as unknown as [null, Readable, null, Writable]
    const [text] = (await once(output, 'data')) as [Buffer]
    const zombie = Number(text.toString())
    await eventually(
      () => readFileSync(`/proc/${parent.pid}/comm`, 'utf8'),
      (name) => name.trim() === 'sleep',
    )
    input.end('end\n')
    await eventually(
      () => readFileSync(`/proc/${zombie}/stat`, 'utf8'),
      (status) => status.includes(') Z '),
    )
    expect(fateOf(describeProcess(zombie))).toBe('Ended')
  })

  it('with a directory that is none of its runs is followed, and nothing is removed', async () => {
    const { terraform, directory } = await terraformWorld()
    const elsewhere = await temporaryDirectory('steersman-elsewhere')
    const planted = (folder: string): string => {
      mkdirSync(join(folder, 'logs'), { recursive: true })
      writeFileSync(join(folder, 'logs', 'apply.json'), JSON.stringify(gone))
      return folder
    }
    planted(join(elsewhere, 'run-Abc123'))
    planted(join(directory, 'other'))
    mkdirSync(join(directory, 'run-Other1', 'logs'), { recursive: true })
    writeFileSync(
      join(directory, 'run-Other1', 'logs', 'apply.json'),
      JSON.stringify({ ...gone, startTime: '2' }),
    )
    symlinkSync(join(elsewhere, 'run-Abc123'), join(directory, 'run-Link12'))
    const hostile = [
      join(elsewhere, 'run-Abc123'),
      `${directory}/run-Other1/../../../${elsewhere}/run-Abc123`,
      `${directory}/run-Other1/..`,
      `${directory}/run-Other1/`,
      join(directory, 'run-Other1'),
      join(directory, 'run-Link12'),
      join(directory, 'other'),
      directory,
      '/',
      '',
      'run-Other1',
      '\0',
    ]
    for (const each of hostile)
      expect(await terraform.follow({ process: gone, directory: each, lockId: undefined }, {})).toBe('Ended')
    expect(existsSync(join(elsewhere, 'run-Abc123', 'logs', 'apply.json'))).toBe(true)
    expect(readdirSync(directory).toSorted()).toEqual(['other', 'run-Link12', 'run-Other1'])
  })
})
