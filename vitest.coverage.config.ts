import { defineConfig } from 'vitest/config'

/** Branch coverage of core by the tests of core and of the kinds: what a plan decides is never decided by luck. */
export default defineConfig({
  test: {
    include: ['test/core/**/*.test.ts', 'test/resources/**/*.test.ts'],
    testTimeout: 60_000,
    coverage: {
      enabled: true,
      provider: 'v8',
      include: ['controller/core/**/*.ts'],
      reporter: ['text', 'json-summary'],
      reportsDirectory: 'coverage/core',
      thresholds: { branches: 95 },
    },
  },
})
