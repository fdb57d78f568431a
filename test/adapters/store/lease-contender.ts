/**
 * A process that takes part in a race for leases: it says `ready`, waits for a line, tries every lease `race-0` to `race-<count - 1>` and
 * prints what it got as one JSON array. With `hold` it then lives on until it is killed.
 */
import { once } from 'node:events'
import { createFileLeases } from '../../../controller/adapters/store/file-leases.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { systemFileSystem } from '../../../controller/adapters/system/file-system.ts'
import { isAlive, processFacts } from '../../../controller/adapters/system/process.ts'

const [directory = '', count = '1', then = 'end'] = process.argv.slice(2)
const leases = createFileLeases({
  directory,
  fileSystem: systemFileSystem,
  clock: systemClock,
  holder: await processFacts(`contender-${process.pid}`),
  isAlive,
})

process.stdout.write('ready\n')
await once(process.stdin, 'data')
const results: { held: boolean; epoch: number }[] = []
for (let race = 0; race < Number(count); race += 1) {
  const attempt = await leases.acquire({ name: `race-${race}`, durationMs: 60_000 })
  results.push({ held: attempt.held, epoch: attempt.held ? attempt.lease.epoch : attempt.by.epoch })
}
process.stdout.write(`${JSON.stringify(results)}\n`)
if (then === 'hold') setInterval(() => undefined, 60_000)
else process.stdin.destroy()
