import { describe, expect, it } from 'vitest'
import {
  serviceShape,
  targetGroupAttributesShape,
  taskDefinitionShape,
} from '../../../controller/core/defaults.ts'
import { compare, sameReference } from '../../../controller/core/diff/compare.ts'

const paths = (...documents: Parameters<typeof compare>): string[] =>
  compare(...documents).map(({ path }) => path.join('/'))

const container = (change: object): object => ({
  containerDefinitions: [{ name: 'web', image: 'shop/web:1', ...change }],
})

describe('two documents', () => {
  it('differ as a whole where one of them is nothing', () => {
    expect(compare(taskDefinitionShape, undefined, undefined)).toEqual([])
    expect(paths(taskDefinitionShape, container({}), undefined)).toEqual([''])
    expect(paths(targetGroupAttributesShape, { 'stickiness.enabled': 'true' }, undefined)).toEqual([''])
  })

  it('differ where one holds another kind of value', () => {
    const one = container({ environment: [{ name: 'A', value: 'x' }] })
    expect(paths(taskDefinitionShape, one, container({ environment: 'x' }))).toEqual([
      'containerDefinitions/web/environment',
    ])
    expect(paths(taskDefinitionShape, container({ command: ['a'] }), container({ command: 'a' }))).toEqual([
      'containerDefinitions/web/command',
    ])
    expect(paths(taskDefinitionShape, container({ cpu: 1 }), container({ cpu: { of: 1 } }))).toEqual([
      'containerDefinitions/web/cpu',
    ])
  })

  it('tell members of one name apart by their places', () => {
    const twice = container({
      environment: [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
    })
    const changed = container({
      environment: [
        { name: 'A', value: '1' },
        { name: 'A', value: '3' },
      ],
    })
    expect(paths(taskDefinitionShape, twice, twice)).toEqual([])
    expect(paths(taskDefinitionShape, twice, changed)).toHaveLength(1)
  })

  it('differ by a label that only one of them has, and by one with another value', () => {
    const labels = (dockerLabels: object): object => container({ dockerLabels })
    expect(
      paths(taskDefinitionShape, labels({ a: '1', b: '2' }), labels({ a: '1', b: '3', c: '4' })),
    ).toEqual(['containerDefinitions/web/dockerLabels/b', 'containerDefinitions/web/dockerLabels/c'])
  })

  it('do not differ by a platform version that LATEST stands for today', () => {
    const of = (platformVersion: string): object => ({ launchType: 'FARGATE', platformVersion })
    expect(paths(serviceShape, of('LATEST'), of('1.4.0'))).toEqual([])
    expect(paths(serviceShape, of('LATEST'), of('1.3.0'))).toEqual(['platformVersion'])
  })
})

describe('two references', () => {
  it.each([
    ['the same name', 'web', 'web', true],
    ['a name and an ARN that ends with it', 'web', 'arn:aws:ecs:eu-west-1:1:cluster/web', true],
    ['two ARNs of one name in two accounts', 'arn:aws:iam::1:role/web', 'arn:aws:iam::2:role/web', false],
    ['two names', 'web', 'api', false],
  ])('are compared by what they mean: %s', (_what, one, other, same) => {
    expect(sameReference(one, other)).toBe(same)
    expect(sameReference(other, one)).toBe(same)
  })
})
