import { defineConfig } from 'vitest/config'

/** Where continuous integration wants the outcome of every test as JSON, to see that none was skipped. */
const report = process.env['STEERSMAN_TEST_REPORT']

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
})
