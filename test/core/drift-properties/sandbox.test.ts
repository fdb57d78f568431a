import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { isIgnored } from '../../../controller/core/ignore.ts'
import { propertyRuns } from '../../support/property-runs.ts'
import { Deployed } from './deployed.ts'
import { mutationsOf } from './mutations.ts'
import { wanted } from './wanted.ts'

const pathsOf = (deployed: Deployed): string[] => [
  ...new Set([...deployed.changes(), ...deployed.changesOfFacts()].map(({ path }) => path)),
]

describe('what the sandbox accepts', () => {
  it('shows no difference once it is deployed, whatever AWS fills in and in whatever order it answers', () => {
    fc.assert(
      fc.property(wanted, (release) => {
        expect(pathsOf(new Deployed(release))).toEqual([])
      }),
      { numRuns: propertyRuns(100) },
    )
  })

  it('shows exactly the field that somebody changes through the API, and nothing once it is set back', () => {
    fc.assert(
      fc.property(wanted, fc.nat(), (release, choice) => {
        const deployed = new Deployed(release)
        const mutations = mutationsOf(deployed)
        const mutation = mutations[choice % mutations.length]
        if (mutation === undefined) throw new Error('there is always the count')
        mutation.does(deployed)
        const paths = pathsOf(deployed)
        expect({ name: mutation.name, found: paths.length > 0, paths }).toEqual({
          name: mutation.name,
          found: true,
          paths: paths.filter((path) => isIgnored(path, [mutation.path])),
        })
        mutation.undo(deployed)
        expect(pathsOf(deployed)).toEqual([])
      }),
      { numRuns: propertyRuns(250) },
    )
  })
})
