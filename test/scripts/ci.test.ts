import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runBounded } from '../../scripts/ci/bounded.ts'
import {
  judgeBench,
  judgeDemo,
  judgeSimulation,
  judgeSoak,
  judgeTerraformBench,
} from '../../scripts/ci/measurements.ts'
import { readTestCounts } from '../../scripts/ci/vitest-report.ts'
import { temporaryDirectory } from '../support/temp-directory.ts'

const node = (code: string): [string, ...string[]] => [process.execPath, '-e', code]

describe('a bounded program', () => {
  it('gives its exit code and its output', async () => {
    const result = await runBounded({
      command: node('console.log(7); process.exitCode = 3'),
      timeLimitMs: 20_000,
      keepOutput: true,
    })
    expect(result).toEqual({ exitCode: 3, timedOut: false, leftBehind: [], output: '7\n' })
  })

  it('is ended when its time is over', async () => {
    const result = await runBounded({
      command: node('setInterval(() => {}, 1000)'),
      timeLimitMs: 200,
      keepOutput: true,
    })
    expect(result).toMatchObject({ exitCode: undefined, timedOut: true })
  })

  it('is seen to leave a process behind, which is ended', async () => {
    const code = `const {spawn} = require('node:child_process')
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {stdio: 'ignore'})
      child.unref(); console.log(child.pid)`
    const result = await runBounded({ command: node(code), timeLimitMs: 20_000, keepOutput: true })
    expect(result).toMatchObject({
      exitCode: 0,
      leftBehind: [expect.stringContaining('-e setInterval(() => {}, 1000)')],
    })
    expect(() => process.kill(Number(result.output), 0)).toThrow('ESRCH')
  })

  it('may leave one behind that ends by itself in a moment', async () => {
    const code = `const {spawn} = require('node:child_process')
      // Another Node would need more than that moment to start on a busy machine.
      spawn('sleep', ['0.3'], {stdio: 'ignore'}).unref()`
    const result = await runBounded({ command: node(code), timeLimitMs: 20_000 })
    expect(result).toMatchObject({ exitCode: 0, leftBehind: [] })
  })

  it('that does not exist is an error', async () => {
    await expect(runBounded({ command: ['no-such-program-here'], timeLimitMs: 1_000 })).rejects.toThrow(
      'ENOENT',
    )
  })
})

describe("vitest's report", () => {
  it('gives counts and the titles of what did not run', async () => {
    const file = join(await temporaryDirectory(), 'report.json')
    const assertionResults = [
      { status: 'passed', fullName: 'swaps' },
      { status: 'failed', fullName: 'holds' },
      { status: 'skipped', fullName: 'needs the AWS CLI' },
      { status: 'todo', fullName: 'later' },
    ]
    await writeFile(
      file,
      JSON.stringify({
        numPassedTests: 1,
        numFailedTests: 1,
        testResults: [{ name: 'x', assertionResults }],
      }),
    )
    await expect(readTestCounts(file)).resolves.toEqual({
      passed: 1,
      failed: 1,
      skipped: ['needs the AWS CLI', 'later'],
    })
  })

  it('is undefined where there is none', async () => {
    await expect(readTestCounts(join(await temporaryDirectory(), 'none.json'))).resolves.toBeUndefined()
  })
})

describe('the measurements', () => {
  const demo = {
    ok: true,
    requests: 900,
    failed: 0,
    swaps: 3,
    refused: 1,
    driftCorrected: 2,
    tag: 'abc',
    seconds: 40,
  }
  const bench = { awsCallsPerRelease: 21, overheadMs: 400, idleCpuMsPerRelease: 0.4, rssMb: 180 }

  it('are accepted when everything was seen and every bound is kept', () => {
    expect([...judgeDemo(JSON.stringify(demo)), ...judgeBench(JSON.stringify(bench))]).toEqual([])
  })

  it.each([
    [{ ...demo, failed: 1 }, '1 requests failed'],
    [{ ...demo, ok: false }, 'the demo says that not everything was seen (ok is not true)'],
    [{ ...demo, refused: 0 }, 'refused was not measured'],
    [{ ...demo, tag: undefined }, 'no tag was set'],
    [{ ...demo, seconds: 60 }, 'it took 60 s, not under 60'],
  ])('of the demo are refused: %o', (value, complaint) => {
    expect(judgeDemo(JSON.stringify(value))).toEqual([complaint])
  })

  it.each([
    [{ ...bench, awsCallsPerRelease: 26 }, 'awsCallsPerRelease is 26, more than 25'],
    [{ ...bench, rssMb: null }, 'rssMb was not measured'],
  ])('of the benchmark are refused: %o', (value, complaint) => {
    expect(judgeBench(JSON.stringify(value))).toEqual([complaint])
  })

  it.each([
    [{}, []],
    [{ processesWhenUnchanged: 1 }, ['processesWhenUnchanged is 1, more than 0']],
    [{ processesAtOnce: 3 }, ['processesAtOnce is 3, more than 2']],
    [{ overheadPercent: 5.01 }, ['overheadPercent is 5.01, more than 5']],
  ])('of the benchmark of Terraform are judged: %o', (value, complaints) => {
    const kept = { processesWhenUnchanged: 0, processesAtOnce: 2, overheadPercent: 1.4 }
    expect(judgeTerraformBench(JSON.stringify({ ...kept, ...value }))).toEqual(complaints)
  })

  it('of the simulation are accepted when enough was played and every promise kept', () => {
    const simulation = { seeds: 50, violationCount: 0, thinSeeds: 0 }
    expect(judgeSimulation(JSON.stringify(simulation))).toEqual([])
  })

  it.each([
    [{ seeds: 49, violationCount: 0, thinSeeds: 0 }, '49 seeds were played, not 50'],
    [{ seeds: 50, violationCount: 2, thinSeeds: 0 }, '2 promises were broken'],
    [{ seeds: 50, violationCount: 0, thinSeeds: 1 }, '1 seeds had too few pushes or faults'],
    [{ violationCount: 0, thinSeeds: 0 }, 'undefined seeds were played, not 50'],
  ])('of the simulation are refused: %o', (value, complaint) => {
    expect(judgeSimulation(JSON.stringify(value))).toEqual([complaint])
  })

  it.each([
    [{}, []],
    [{ swaps: 11 }, ['11 swaps were played, not 12']],
    [{ requests: 0 }, ['requests was not measured']],
    [{ failed: 2 }, ['2 requests failed']],
    [{ refusedServed: 1 }, ['1 answers were of a refused version']],
    [{ rollbackWrites: 2 }, ['a way back took 2 writes, not 1']],
    [{ rollbackMs: { median: 9_000, p99: 9_000 } }, []],
  ])('of the soak are judged: %o', (value, complaints) => {
    const kept = { swaps: 12, requests: 6_000, failed: 0, refusedServed: 0, rollbackWrites: 1 }
    expect(judgeSoak(JSON.stringify({ ...kept, ...value }))).toEqual(complaints)
  })

  it('are refused where there is anything beside the one object', () => {
    expect(judgeDemo(`starting\n${JSON.stringify(demo)}`)).toEqual(['the demo did not print one JSON object'])
  })
})
