import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  actionsShape,
  normalize,
  serviceShape,
  targetGroupAttributesShape,
  targetGroupShape,
  taskDefinitionShape,
} from '../../../controller/core/defaults.ts'
import { compare, lastSegment, sameReference } from '../../../controller/core/diff/compare.ts'
import { applied, documentOf, shuffled } from './arbitrary.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const shapes = [
  ['a service', serviceShape],
  ['a task definition', taskDefinitionShape],
  ['actions', actionsShape],
  ['a target group', targetGroupShape],
  ['target group attributes', targetGroupAttributesShape],
] as const

/** What AWS fills in elsewhere hangs on these members, so they have to be put right first. */
const decidesDefaults = new Set(['ProtocolVersion', 'TargetType', 'networkMode'])

describe.each(shapes)('the documents of %s', (_, shape) => {
  const documents = documentOf(shape)
  const runs = { numRuns: propertyRuns(150) }

  it('do not differ from themselves', () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(compare(shape, document, document)).toEqual([])
      }),
      runs,
    )
  })

  it('do not differ once AWS has filled them in, or people have stripped them', () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(compare(shape, document, normalize(shape, document, 'fill'))).toEqual([])
        expect(compare(shape, normalize(shape, document, 'strip'), document)).toEqual([])
      }),
      runs,
    )
  })

  it('do not differ, and keep their digest, with sets in another order', () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(compare(shape, document, shuffled(shape, document))).toEqual([])
        expect(normalize(shape, shuffled(shape, document), 'strip')).toEqual(
          normalize(shape, document, 'strip'),
        )
      }),
      runs,
    )
  })

  it('lose a difference, and win none, by putting what is wanted at its path', () => {
    fc.assert(
      fc.property(documents, documents, (wanted, live) => {
        const differences = compare(shape, wanted, live)
        const decisive = differences.filter(({ path: [first = ''] }) => decidesDefaults.has(first))
        for (const difference of decisive.length > 0 ? decisive : differences) {
          const mended = applied(shape, live, difference.path, difference.wanted)
          const left = compare(shape, wanted, mended).map(({ path }) => path.join('/'))
          expect(left).not.toContain(difference.path.join('/'))
        }
        const all = differences.reduce(
          (mended, { path, wanted: value }) => applied(shape, mended, path, value),
          live,
        )
        expect(compare(shape, wanted, all)).toEqual([])
      }),
      runs,
    )
  })

  it('are normal once they have been normalised', () => {
    fc.assert(
      fc.property(documents, fc.constantFrom('fill' as const, 'strip' as const), (document, mode) => {
        const once = normalize(shape, document, mode)
        expect(normalize(shape, once, mode)).toEqual(once)
      }),
      runs,
    )
  })
})

describe('documents of the wrong type', () => {
  it('are compared without an error', () => {
    const odd = fc.anything({ maxDepth: 3 })
    fc.assert(
      fc.property(odd, odd, fc.constantFrom(...shapes), (wanted, live, [, shape]) => {
        expect(Array.isArray(compare(shape, wanted, live))).toBe(true)
      }),
    )
  })

  it.each([
    [
      'text where a list should stand',
      { containerDefinitions: 'web' },
      { containerDefinitions: [{ name: 'web' }] },
    ],
    ['text where an object should stand', { runtimePlatform: 'LINUX' }, {}],
    ['a list where text should stand', { family: ['a'] }, { family: 'a' }],
    [
      'a list where a number should stand',
      { ephemeralStorage: { sizeInGiB: [] } },
      { ephemeralStorage: { sizeInGiB: 21 } },
    ],
    [
      'a set where an object should stand',
      { requiresCompatibilities: { EC2: 1 } },
      { requiresCompatibilities: ['EC2'] },
    ],
    [
      'a number where a map should stand',
      { containerDefinitions: [{ name: 'a', dockerLabels: 1 }] },
      { containerDefinitions: [{ name: 'a', dockerLabels: { one: 'x' } }] },
    ],
  ])('show as a difference: %s', (_, wanted, live) => {
    expect(compare(taskDefinitionShape, wanted, live)).toHaveLength(1)
  })
})

describe('members that the tables do not know', () => {
  it('are compared where the wanted document names them', () => {
    expect(compare(taskDefinitionShape, { someday: { b: 1, a: 2 } }, { someday: { a: 2, b: 1 } })).toEqual([])
    expect(compare(taskDefinitionShape, { someday: 1 }, {})).toEqual([
      { path: ['someday'], wanted: 1, live: undefined },
    ])
  })
})

describe('two elements of one name', () => {
  it('are told apart by number', () => {
    const variables = (...values: string[]) => ({
      containerDefinitions: [{ name: 'a', environment: values.map((value) => ({ name: 'X', value })) }],
    })
    expect(compare(taskDefinitionShape, variables('1', '2'), variables('2', '1'))).toEqual([])
    expect(
      compare(taskDefinitionShape, variables('1', '2'), variables('1')).map(({ path }) => path.at(-1)),
    ).toEqual(['X#2'])
  })
})

describe('references', () => {
  const arn = 'arn:aws:iam::123456789012:role/team/exec'
  it.each([
    ['exec', arn, true],
    [arn, 'exec', true],
    [arn, arn, true],
    ['exec', 'exec', true],
    ['exec', 'other', false],
    [arn, 'arn:aws:iam::210987654321:role/team/exec', false],
  ])('%s and %s mean the same: %s', (one, other, expected) => {
    expect(sameReference(one, other)).toBe(expected)
  })

  it.each([
    ['plain/name', 'plain/name'],
    ['arn:aws:ecs:eu-west-1:1:cluster/shop', 'shop'],
    ['arn:aws:ecs:eu-west-1:1:task-definition/web:5', 'web:5'],
    ['arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web-blue/0123', 'web-blue'],
    ['arn:aws:sns:eu-west-1:1:topic', 'topic'],
  ])('the name in %s is %s', (text, name) => {
    expect(lastSegment(text)).toBe(name)
  })
})
