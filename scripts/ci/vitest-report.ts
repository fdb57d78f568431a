import { readFile } from 'node:fs/promises'

/** The counts of one run of vitest, and the titles of the tests that did not run. */
export interface TestCounts {
  passed: number
  failed: number
  skipped: string[]
}

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  testResults: { name: string; assertionResults: { status: string; fullName: string }[] }[]
}

/** Reads the JSON reporter's file; undefined when vitest did not come to write it. */
export async function readTestCounts(file: string): Promise<TestCounts | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    return undefined
  }
  const report = JSON.parse(text) as VitestReport
  const tests = report.testResults.flatMap((result) => result.assertionResults)
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: tests
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName }) => fullName),
  }
}
