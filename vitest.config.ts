import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Where continuous integration wants the outcome of every test as JSON, to see that none was skipped. */
const report = process.env['STEERSMAN_TEST_REPORT']

const testsIn = (folders: readonly string[]): string[] =>
  folders.map((folder) => `test/${folder}/**/*.test.ts`)

/** What takes longer than all the others together, or starts programs of others, is run by vitest.long.config.ts. */
const others = ['test/e2e/**', 'test/terraform/cli/**', '**/*.long.test.ts']

/** Tests that leave nothing behind in their process, so that its modules need not be loaded again for each file: a second of computing where they need the SDK. */
const tidy = testsIn([
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
])

/** The same, in processes of their own: the time of the whole process is theirs while a story is played. */
const played = testsIn(['fuzz', 'simulation'])

/** The same for whole controllers, each of which a test closes. */
const controllers = testsIn(['engine', 'security'])

export default defineConfig({
  test: {
    // The default leaves a core to the runner, which is half of a machine with two.
    maxWorkers: availableParallelism(),
    // No test is about how long it takes; a machine with much else to do takes five times as long as a quiet one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    projects: [
      { extends: true, test: { name: 'tidy', include: tidy, exclude: others, isolate: false } },
      { extends: true, test: { name: 'controllers', include: controllers, exclude: others, isolate: false } },
      { extends: true, test: { name: 'played', include: played, exclude: others, isolate: false } },
      {
        extends: true,
        test: {
          name: 'isolated',
          include: ['test/**/*.test.ts'],
          exclude: [...others, ...tidy, ...controllers, ...played],
        },
      },
    ],
  },
})
