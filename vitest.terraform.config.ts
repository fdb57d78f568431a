import { defineConfig } from 'vitest/config'

/** Where continuous integration wants the outcome of every test as JSON, to see that none was skipped. */
const report = process.env['STEERSMAN_TEST_REPORT']

/** The modules under the real Terraform with its AWS provider, which takes 800 MB: two files at a time, as each waits for AWS's stand-in half of its time. */
export default defineConfig({
  test: {
    include: ['test/terraform/cli/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 120_000,
    passWithNoTests: false,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
})
