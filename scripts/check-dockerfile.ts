import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { judgeDockerfile } from './checks/dockerfile.ts'
import { root } from './checks/sources.ts'

const file = 'Dockerfile'
const text = await readFile(join(root, file), 'utf8')
const [firstLine = ''] = (await readFile(join(root, 'controller/main.ts'), 'utf8')).split('\n')
const findings = judgeDockerfile(file, text, {
  exists: (path) => existsSync(join(root, path)),
  nodeFlags: firstLine.match(/(?<= )--\S+/gu) ?? [],
})
for (const { line, what } of findings) console.error(`error: ${file}:${line}: ${what}`)
console.log(`dockerfile: ${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1
