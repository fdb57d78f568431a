import { spawnSync } from 'node:child_process'
import { cp, glob, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './checks/sources.ts'

/** What is not TypeScript and is read beside the program: it lies in dist as it lies in the clone. */
const FILES_BESIDE = [
  'crds/**/*.yaml',
  'manifests/**/*',
  'controller/**/*.{html,css,svg,json}',
  'package.json',
]

const dist = join(root, 'dist')
await rm(dist, { recursive: true, force: true })
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
  {
    cwd: root,
    stdio: 'inherit',
    timeout: 120_000,
  },
)
process.exitCode = status ?? 1
for await (const file of glob(FILES_BESIDE, { cwd: root })) {
  await cp(join(root, file), join(dist, file), { recursive: true })
}
