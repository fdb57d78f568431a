import { parentPort, workerData } from 'node:worker_threads'
import { seededRandom } from '../../test/support/seeded-random.ts'
import { targets } from '../../test/fuzz/targets.ts'
import { readCorpus } from './corpus.ts'
import { explore } from './explore.ts'
import { leadingInputs } from './leading-inputs.ts'
import type { WorkerAnswer, WorkerOrder } from './watch-worker.ts'

const { name, seconds, seed, current } = workerData as WorkerOrder
const target = targets.find((one) => one.name === name)
if (target === undefined) throw new Error(`there is no target ${name}`)

const [position, bytes] = [new Int32Array(current, 0, 2), new Uint8Array(current, 8)]
const end = performance.now() + seconds * 1_000
const { runs, points, inputs, failure } = await explore({
  target,
  corpus: await readCorpus(name),
  random: seededRandom(seed),
  hasTime: () => performance.now() < end,
  onRun(input) {
    bytes.set(input.subarray(0, bytes.length))
    Atomics.store(position, 1, Math.min(input.length, bytes.length))
    Atomics.add(position, 0, 1)
  },
})
const answer: WorkerAnswer = { runs, points, failure, corpus: leadingInputs(inputs, target) }
parentPort?.postMessage(answer, [])
