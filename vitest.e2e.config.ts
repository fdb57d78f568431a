import { defineConfig } from 'vitest/config'

/** Where continuous integration wants the outcome of every test as JSON, to see that none was skipped. */
const report = process.env['STEERSMAN_TEST_REPORT']

/** Real processes: one file at a time, so that what they measure and kill is their own. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    passWithNoTests: false,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
})
