import { isThere, REQUIREMENTS, type Requirement } from '../test/support/requires.ts'
import { requirementsIn } from './checks/requirements.ts'
import { findSources, inspectSources, root } from './checks/sources.ts'

/** What CI itself starts, beside what tests ask for. */
const needed = new Set<Requirement>(['aws', 'git', 'promtool'])

const tests = await findSources(root, ['test'])
await inspectSources(root, tests, (_, text) => {
  for (const name of requirementsIn(text, REQUIREMENTS)) needed.add(name)
  return []
})

const missing = [...needed].filter((requirement) => !isThere(requirement))
for (const requirement of missing) {
  console.error(`error: ${requirement} was not found; a test needs it; .ci/packages installs it where it can`)
}
console.log(`requirements: ${[...needed].toSorted().join(', ')}; ${missing.length} missing`)
process.exitCode = missing.length === 0 ? 0 : 1
