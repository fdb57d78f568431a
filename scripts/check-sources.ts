import { checkSources } from './checks/pure-sources.ts'
import { root } from './checks/sources.ts'

const { files, findings } = await checkSources(root)
for (const { file, line, what } of findings) console.error(`error: ${file}:${line}: ${what}`)
console.log(`sources: ${files} files read, ${findings.length} findings`)
process.exitCode = files > 0 && findings.length === 0 ? 0 : 1
