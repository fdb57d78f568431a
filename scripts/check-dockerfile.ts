import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { judgeDockerfile } from './checks/dockerfile.ts'
import { root } from './checks/sources.ts'

const file = 'Dockerfile'
const text = await readFile(join(root, file), 'utf8')
const findings = judgeDockerfile(file, text, (path) => existsSync(join(root, path)))
for (const { line, what } of findings) console.error(`error: ${file}:${line}: ${what}`)
console.log(`dockerfile: ${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1
