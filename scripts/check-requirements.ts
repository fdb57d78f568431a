import { isThere, REQUIREMENTS } from '../test/support/requires.ts'

const missing = REQUIREMENTS.filter((requirement) => !isThere(requirement))
for (const requirement of missing) {
  console.error(`error: ${requirement} was not found; a test needs it; .ci/packages installs it where it can`)
}
console.log(`requirements: ${REQUIREMENTS.length - missing.length} found, ${missing.length} missing`)
process.exitCode = missing.length === 0 ? 0 : 1
