import { defineConfig } from 'vitest/config'
import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

/** The file that noticed the last mutant often notices the next one too; else the quickest that does is the last that need run. */
class FailedThenQuickest extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification): number => {
      const { failed = false, duration = 0 } = this.ctx.cache.getTestSpecificationResult(file) ?? {}
      return failed ? -1 : duration
    }
    return Promise.resolve(files.toSorted((one, other) => rank(one) - rank(other)))
  }
}

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
    sequence: { sequencer: FailedThenQuickest },
  },
})
