import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { targets } from '../test/fuzz/targets.ts'
import { writeCorpus, writeFailure } from './fuzz/corpus.ts'
import { watchWorker } from './fuzz/watch-worker.ts'

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    seconds: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    save: { type: 'boolean', default: false },
    replay: { type: 'string' },
  },
})
const chosen = targets.filter(({ name }) => values.target === undefined || name === values.target)
if (chosen.length === 0) {
  console.error(
    `error: there is no target ${values.target}; there are ${targets.map(({ name }) => name).join(', ')}`,
  )
  process.exitCode = 1
} else if (values.replay === undefined) {
  for (const { name } of chosen) if (!(await fuzz(name))) process.exitCode = 1
} else {
  const input = await readFile(values.replay)
  for (const target of chosen) await target.run(input)
  console.log(`${values.replay}: every promise was kept by ${chosen.map(({ name }) => name).join(', ')}`)
}

/** Prints what a target's search came to; false when a promise was broken. */
async function fuzz(name: string): Promise<boolean> {
  const { runs, points, failure, corpus } = await watchWorker({
    name,
    seconds: Number(values.seconds),
    seed: Number(values.seed),
  })
  console.log(`${name}: ${runs} runs, ${points} coverage points, ${corpus.length} leading inputs`)
  if (failure === undefined) {
    if (values.save) await writeCorpus(name, corpus)
    return true
  }
  const file = await writeFailure(name, failure.input)
  console.error(failure.message)
  console.error(`error: ${name} broke a promise; ${file} holds the input`)
  console.error(`replay: npm run fuzz -- --target ${name} --replay ${file}`)
  return false
}
