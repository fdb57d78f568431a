import { defineConfig } from 'vitest/config'

/** Where continuous integration wants the outcome of every test as JSON, to see that none was skipped. */
const report = process.env['STEERSMAN_TEST_REPORT']

/** Controllers that are killed, and several of them over one store: half of the time that all of them take. */
const ended = ['kill*', 'kubernetes*', 'table-*'].map((name) => `test/e2e/${name}.test.ts`)

/** Real processes: one file at a time, so that what they measure and kill is their own. */
export default defineConfig({
  test: {
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    passWithNoTests: false,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    projects: [
      {
        extends: true,
        test: { name: 'alone', include: ['test/e2e/**/*.test.ts'], exclude: ended },
      },
      { extends: true, test: { name: 'ended', include: ended } },
    ],
  },
})
