import { checkDocuments } from './checks/documents.ts'
import { root } from './checks/sources.ts'

const { pages, findings } = await checkDocuments(root)
for (const { file, line, what } of findings) console.error(`error: ${file}:${line}: ${what}`)
console.log(`documents: ${pages} pages read, ${findings.length} findings`)
process.exitCode = pages > 0 && findings.length === 0 ? 0 : 1
