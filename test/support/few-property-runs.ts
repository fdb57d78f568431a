import fc from 'fast-check'

import { propertyRuns } from './property-runs.ts'

// Under mutation a property is tried thousands of times: on the same inputs, or a mutant would live by chance, and
// without looking for a smaller counterexample, since nobody reads it.
fc.configureGlobal({ numRuns: propertyRuns(25), seed: 1, endOnFailure: true })
