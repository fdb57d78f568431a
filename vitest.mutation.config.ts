import { defineConfig } from 'vitest/config'

/** The tests that say what core does, for Stryker: no process, no socket, and few but fixed inputs for each property. */
export default defineConfig({
  test: {
    include: ['test/core/**/*.test.ts'],
    setupFiles: ['test/support/few-property-runs.ts'],
    env: { STEERSMAN_PROPERTY_RUNS: '12' },
    testTimeout: 20_000,
    isolate: false,
    runner: 'test/support/stop-at-first-failure.ts',
    // A file that is no longer loaded holds no test.
    passWithNoTests: true,
  },
})
