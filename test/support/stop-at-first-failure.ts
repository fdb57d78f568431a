import { TestRunner } from 'vitest'

/** Once a test has noticed a mutant, the files that are left need not even be loaded; `bail` alone loads them all and skips their tests. */
export default class StopAtFirstFailure extends TestRunner {
  #hasFailed = false

  override cancel(...reason: Parameters<TestRunner['cancel']>): void {
    this.#hasFailed = true
    super.cancel(...reason)
  }

  override importFile(...file: Parameters<TestRunner['importFile']>): unknown {
    return this.#hasFailed ? undefined : super.importFile(...file)
  }
}
