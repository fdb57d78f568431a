import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runBounded } from './ci/bounded.ts'
import { stepsOf, type Step } from './ci/steps.ts'
import { readTestCounts, type TestCounts } from './ci/vitest-report.ts'

/** What a step has shown. */
interface Outcome {
  name: string
  seconds: number
  complaints: string[]
  tests: TestCounts | undefined
}

const { values } = parseArgs({
  options: {
    reports: { type: 'string' },
    'first-status': { type: 'string' },
    'first-seconds': { type: 'string' },
  },
})
const reports = values.reports ?? 'reports'
const outcomes = [await outcomeOfFirstCommands()]
for (const step of stepsOf(reports)) outcomes.push(await runStep(step))
process.exitCode = summarise(outcomes)

/** `npm ci && npm test` was run by .ci/run, before there was a Node to run this file. */
async function outcomeOfFirstCommands(): Promise<Outcome> {
  const complaints = values['first-status'] === '0' ? [] : [exitComplaint(Number(values['first-status']))]
  const tests = await readTestCounts(join(reports, 'npm-test.json'))
  const outcome = { name: 'npm ci && npm test', seconds: Number(values['first-seconds']), complaints, tests }
  return withTestComplaints(outcome)
}

async function runStep({ name, boxMinutes, command, testReport, judge }: Step): Promise<Outcome> {
  console.log(`\n=== ${name} (time box ${boxMinutes} min)`)
  const startedAt = performance.now()
  const result = await runBounded({
    command,
    timeLimitMs: 3 * boxMinutes * 60_000,
    keepOutput: judge !== undefined,
    environment: testReport === undefined ? {} : { STEERSMAN_TEST_REPORT: testReport },
  })
  const seconds = (performance.now() - startedAt) / 1_000
  const complaints = result.exitCode === 0 ? [] : [exitComplaint(result.exitCode)]
  if (result.timedOut) complaints.push(`it was ended after three times its time box of ${boxMinutes} min`)
  for (const left of result.leftBehind) complaints.push(`it left a process behind, which was ended: ${left}`)
  if (judge !== undefined) complaints.push(...judge(result.output))
  const outcome = { name, seconds, complaints, tests: undefined }
  if (testReport === undefined) return show(outcome)
  return withTestComplaints({ ...outcome, tests: await readTestCounts(testReport) })
}

function exitComplaint(exitCode: number | undefined): string {
  return exitCode === undefined ? 'it did not end by itself' : `it exited with ${exitCode}`
}

/** A run without a report, without tests, or with skipped ones has not shown what it should. */
function withTestComplaints(outcome: Outcome): Outcome {
  const { tests, complaints } = outcome
  if (tests === undefined) complaints.push('it left no report of its tests')
  else {
    if (tests.passed + tests.failed === 0) complaints.push('it ran no test')
    for (const title of tests.skipped) complaints.push(`it skipped "${title}"`)
  }
  return show(outcome)
}

function show(outcome: Outcome): Outcome {
  const { name, seconds, complaints } = outcome
  console.log(`=== ${name}: ${complaints.length === 0 ? 'passed' : 'FAILED'} after ${seconds.toFixed(1)} s`)
  for (const complaint of complaints) console.log(`    ${complaint}`)
  return outcome
}

/** Prints every step again in short, with what is wrong with it, and the sum of tests and steps; returns the exit code. */
function summarise(all: readonly Outcome[]): number {
  console.log('\n=== Summary')
  let passed = 0
  let failed = 0
  for (const { name, seconds, complaints, tests } of all) {
    const mark = complaints.length === 0 ? 'ok    ' : 'FAILED'
    const counts = tests === undefined ? '' : ` (${tests.passed} tests passed, ${tests.failed} failed)`
    console.log(`${mark} ${seconds.toFixed(1).padStart(7)} s  ${name}${counts}`)
    for (const complaint of complaints) console.log(`                  ${complaint}`)
    passed += (complaints.length === 0 ? 1 : 0) + (tests?.passed ?? 0)
    failed += (complaints.length === 0 ? 0 : 1) + (tests?.failed ?? 0)
  }
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}
