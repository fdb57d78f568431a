import { spawnSync } from 'node:child_process'
import { root } from './checks/sources.ts'
import { STATIC_CHECKS } from './checks/static-checks.ts'

const TIME_LIMIT_MS = 180_000

const failed = STATIC_CHECKS.filter((check) => {
  const { status } = spawnSync('npm', ['run', '--silent', check], {
    cwd: root,
    stdio: 'inherit',
    timeout: TIME_LIMIT_MS,
  })
  console.log(`${status === 0 ? 'ok' : 'FAILED'}  ${check}`)
  return status !== 0
})

console.log(`${STATIC_CHECKS.length - failed.length} checks passed, ${failed.length} failed`)
process.exitCode = failed.length === 0 ? 0 : 1
