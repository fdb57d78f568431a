import type { ChildProcessByStdio } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createFileLeases } from '../../../controller/adapters/store/file-leases.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { systemFileSystem } from '../../../controller/adapters/system/file-system.ts'
import { isAlive, processFacts } from '../../../controller/adapters/system/process.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'

const program = fileURLToPath(new URL('lease-contender.ts', import.meta.url))

interface Contender {
  readonly process: ChildProcessByStdio<Writable, Readable, null>
  readonly go: () => void
  readonly nextLine: () => Promise<string>
}

describe('real processes', () => {
  it('race for thirty leases, and exactly one gets each', { timeout: 60_000 }, async () => {
    const directory = await temporaryDirectory()
    const contenders = await Promise.all([1, 2, 3].map(() => start(directory, '30', 'hold')))
    for (const { go } of contenders) go()
    const results = await Promise.all(
      contenders.map(
        async ({ nextLine }) => JSON.parse(await nextLine()) as { held: boolean; epoch: number }[],
      ),
    )
    for (let race = 0; race < 30; race += 1) {
      const attempts = results.map((result) => result[race])
      expect(attempts.filter((attempt) => attempt?.held)).toHaveLength(1)
      expect(attempts.map((attempt) => attempt?.epoch)).toEqual([1, 1, 1])
    }
  })

  it(
    'keep a lease while they live, and lose it at once when they are killed',
    { timeout: 60_000 },
    async () => {
      const directory = await temporaryDirectory()
      const contender = await start(directory, '1', 'hold')
      contender.go()
      expect(await contender.nextLine()).toBe('[{"held":true,"epoch":1}]')
      const mine = createFileLeases({
        directory,
        fileSystem: systemFileSystem,
        clock: systemClock,
        holder: await processFacts('mine'),
        isAlive,
      })
      const request = { name: 'race-0', durationMs: 60_000 }
      expect(await mine.acquire(request)).toMatchObject({
        held: false,
        by: { holder: { pid: contender.process.pid } },
      })
      const ended = once(contender.process, 'exit')
      contender.process.kill('SIGKILL')
      await ended
      expect(await mine.acquire(request)).toMatchObject({ held: true, lease: { epoch: 2 } })
    },
  )
})

async function start(directory: string, count: string, then: string): Promise<Contender> {
  const child = spawn(process.execPath, [program, directory, count, then], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async (): Promise<string> => String((await lines.next()).value)
  expect(await nextLine()).toBe('ready')
  return { process: child, nextLine, go: () => void child.stdin.write('go\n') }
}
