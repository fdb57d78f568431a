import { measureSweeps } from './bench/sweeps.ts'

console.log(JSON.stringify(await measureSweeps(), undefined, 2))
process.exit()
