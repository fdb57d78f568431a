import { parseArgs } from 'node:util'
import { seededRandom } from '../test/support/seeded-random.ts'
import { isSound, report, table } from './soak/report.ts'
import { soak } from './soak/soak.ts'

const USAGE = `npm run soak -- [--swaps N] [--seed N] [--minutes N] [-o json]

Plays so many swaps (60) with the real controller against the sandbox, under 200 requests a second: strategies, failing gates, aborts and ways back as the
seed draws them, the rule sticky in half of them. Ends with 1 where a request failed, a refused version was served, or a swap ended otherwise than it has to.
No swap begins after --minutes (60).`

const { values } = parseArgs({
  options: {
    swaps: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '60' },
    output: { type: 'string', short: 'o' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help === true) {
  console.log(USAGE)
  process.exit()
}
const swaps = positive('swaps', 10_000)
const seed = positive('seed', 2 ** 31)
const minutes = positive('minutes', 24 * 60)
let isStopped = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    isStopped = true
  })
console.error(`seed ${seed}: ${swaps} swaps`)
const soaked = await soak({
  random: seededRandom(seed),
  swaps,
  limitMs: minutes * 60_000,
  isStopped: () => isStopped,
  say: (line) => console.error(line),
})
if (soaked.swaps < swaps && soaked.problems.length === 0)
  console.error(`ended after ${soaked.swaps} of ${swaps} swaps: the time is over, or it was stopped`)
for (const problem of soaked.problems) console.error(`problem: ${problem}`)
console.log(values.output === 'json' ? JSON.stringify(report(soaked, seed)) : table(report(soaked, seed)))

/** Node waits for nothing that the soak left behind. */
process.exit(isSound(soaked) ? 0 : 1)

function positive(name: 'swaps' | 'seed' | 'minutes', atMost: number): number {
  const value = Number(values[name])
  if (Number.isInteger(value) && value > 0 && value <= atMost) return value
  console.error(`error: --${name} ${values[name]}; expected a whole number from 1 to ${atMost}`)
  process.exit(2)
}
