import { describe, expect, it } from 'vitest'

import type { Change, Expected } from './change.ts'
import { changes, meantChanges } from './changes.ts'
import { write } from './text.ts'
import { missingEntries, strayEntries } from './values.ts'
import { walk, walkThrough } from './walk.ts'

const changeOf = (property: string, says: RegExp): Change => {
  const change = changes.find((one) => one.property === property && says.test(one.says))
  if (change === undefined) throw new Error(`there is no change ${String(says)} of ${property}`)
  return change
}

const expecting = (property: string, says: RegExp, expected: Expected): Change => ({
  ...changeOf(property, says),
  expected,
})

const COUNT = 'release /spec/service/desiredCount'
const TAG = 'release /spec/image/tag'

describe('the table of values', () => {
  it('has every property of both schemas', () => {
    expect(missingEntries()).toEqual([])
  })

  it('has no property that the schemas no longer have', () => {
    expect(strayEntries()).toEqual([])
  })

  it('leads to more changes than anybody would write down', () => {
    expect(meantChanges.length).toBeGreaterThan(150)
    expect(changes.length).toBeGreaterThan(1_500)
  })
})

describe('a document that is written', () => {
  it('says on which lines its places stand', () => {
    const { text, linesOf } = write({ a: { b: [1, { c: 'x' }] }, d: {} })
    expect(text).toBe('a:\n  b:\n    - 1\n    - c: "x"\nd: {}\n')
    expect(['/a', '/a/b', '/a/b/0', '/a/b/1/c', '/d'].map((pointer) => linesOf(pointer)?.[0])).toEqual([
      1, 2, 3, 4, 5,
    ])
    expect(linesOf('/e')).toBeUndefined()
  })
})

describe('a walk', () => {
  it('finds the controller as the schemas promise it', async () => {
    const { violations, steps } = await walk(4, 24)
    expect(violations).toEqual([])
    expect(steps).toHaveLength(24)
    expect(new Set(steps.map(({ expected }) => expected.kind)).size).toBeGreaterThan(2)
  })

  it('goes to another version and back, by way of one that fails and one that makes no sense', async () => {
    const path = [
      changeOf(TAG, /v2-good/),
      changeOf(TAG, /v5-fails-gate/),
      changeOf(COUNT, /= 3/),
      changeOf(COUNT, /too small/),
      {
        ...changeOf(TAG, /v2-good/),
        set: [{ document: 'release', pointer: '/spec/image/tag', value: 'v1-good' }],
      },
    ] as const
    const { violations, steps } = await walkThrough(3, path)
    expect(violations).toEqual([])
    expect(steps.map(({ expected }) => expected.kind)).toEqual([
      'Serves',
      'RolledBack',
      'Serves',
      'Refused',
      'Serves',
    ])
  })

  it('does not expect of a version what no gate asks before it takes traffic', async () => {
    const path = [
      changeOf('release /spec/gates/*/when', /= "Bake"/),
      expecting(TAG, /v2-good/, { kind: 'Serves' }),
    ]
    expect((await walkThrough(1, path)).violations).toEqual([])
  })

  it.each([
    ['release /spec/gates/*', /nothing/],
    ['release /spec/gates', /nothing/],
    ['environment /spec/requiredGates/*', /a text for an object/],
  ])('goes through %s %s', async (property, says) => {
    expect((await walkThrough(1, [changeOf(property, says)])).violations).toEqual([])
  })

  it('is the same for the same seed', async () => {
    const one = await walk(5, 4)
    expect(await walk(5, 4)).toEqual(one)
  })
})

describe('the oracle', () => {
  const nowhere = (pointer: string): Expected => ({ kind: 'Refused', at: { document: 'release', pointer } })

  it.each<readonly [what: string, change: Change, message: RegExp]>([
    ['that serves and should be refused', expecting(COUNT, /= 3/, nowhere('')), /not refused/],
    ['that is refused and should serve', expecting(COUNT, /too small/, { kind: 'Serves' }), /Ready=False/],
    ['refused at another place', expecting(COUNT, /too small/, nowhere('/spec')), /no Issue is about/],
    ['that should roll back', expecting(TAG, /v2-good/, { kind: 'RolledBack' }), /did not roll back/],
  ])('tells of a change %s', async (_what, change, message) => {
    const { violations } = await walkThrough(1, [change])
    expect(violations.map((violation) => violation.message).join('\n')).toMatch(message)
  })
})
