import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Where continuous integration wants the outcome of every test as JSON, to see that none was skipped. */
const report = process.env['STEERSMAN_TEST_REPORT']

/** Tests that leave nothing behind in their process, so that its modules need not be loaded again for each file. */
const tidy = [
  'adapters',
  'api',
  'charts',
  'cli',
  'compose',
  'core',
  'dashboard',
  'resources',
  'sandbox',
  'scripts',
].map((folder) => `test/${folder}/**/*.test.ts`)

export default defineConfig({
  test: {
    // The default leaves a core to the runner, which is half of a machine with two.
    maxWorkers: availableParallelism(),
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    projects: [
      { extends: true, test: { name: 'tidy', include: tidy, isolate: false } },
      {
        extends: true,
        test: {
          name: 'isolated',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/terraform/cli/**', ...tidy],
        },
      },
    ],
  },
})
