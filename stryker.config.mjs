// Mutation testing of core: every small change of the code should make a test fail. `npm run mutation` for all of it,
// `npm run mutation -- --mutate 'controller/core/rollout/**/*.ts'` for a part; docs/reference/quality.md has the figures.

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: ['controller/core/**/*.ts'],
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts' },
  coverageAnalysis: 'perTest',
  // What is worked out once, while a file is loaded, are tables: AWS's defaults, names of fields. A mutant in one would need
  // every test in a fresh process, and most of them are the values themselves, which the tests of the tables compare.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  concurrency: 1,
  // A test that loops for ever is found by counting how often a mutant is reached; the clock is for the rest.
  timeoutMS: 20_000,
  thresholds: { high: 95, low: 85, break: 85 },
  reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
  clearTextReporter: { reportTests: false, allowColor: false, allowEmojis: false },
  htmlReporter: { fileName: 'reports/mutation/mutation.html' },
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
  // What no test of core reads stays out of the copy that is mutated.
  ignorePatterns: [
    '/dist',
    '/coverage',
    '/data',
    '/charts',
    '/terraform',
    '/docs',
    '/controller/adapters',
    '/test/e2e',
  ],
  allowConsoleColors: false,
}
