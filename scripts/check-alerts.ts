// Whether Prometheus takes the alerts, and whether each fires when it should and is silent when it should. It needs promtool, and fails without.
import { spawnSync } from 'node:child_process'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { untestedAlerts } from './checks/alerts.ts'
import { root } from './checks/sources.ts'

const RULES = 'charts/steersman/alerts/alerts.yaml'
const TIME_LIMIT_MS = 120_000

const tests = (await Array.fromAsync(glob('test/charts/alerts/*.test.yaml', { cwd: root }))).toSorted()
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8')
const untested = untestedAlerts(await read(RULES), await Promise.all(tests.map(read)))
for (const what of untested) console.error(`error: test/charts/alerts: ${what}`)

const isValid = promtool('check', 'rules', RULES)
const hold = promtool('test', 'rules', ...tests)
console.log(`alerts: ${tests.length} files of tests, ${untested.length} findings`)
process.exitCode = tests.length > 0 && untested.length === 0 && isValid && hold ? 0 : 1

function promtool(...parameters: readonly string[]): boolean {
  const { error, status } = spawnSync('promtool', parameters, {
    cwd: root,
    stdio: 'inherit',
    timeout: TIME_LIMIT_MS,
  })
  if (error !== undefined) {
    console.error(`error: promtool can't be started: ${error.message}; Debian's package prometheus has it`)
  }
  return status === 0
}
