import { writeFileSync } from 'node:fs'
import { startSandbox } from '../../controller/sandbox/server.ts'
import { makeCluster, makePair } from '../../test/support/machine/shape.ts'
import { pairsOf, RELEASES } from './pairs.ts'

/** Writes a sandbox's world with all the pairs of the benchmark into the file that is named. */
const [, , file = ''] = process.argv
const sandbox = await startSandbox({ port: 0 })
makeCluster(sandbox, 'demo')
for (const pair of pairsOf(RELEASES)) makePair(sandbox, pair)
writeFileSync(file, JSON.stringify(sandbox.world.dump()))
await sandbox.close()
