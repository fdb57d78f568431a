import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { Change } from '../../../controller/core/diff.ts'
import { describeChange, redactChange } from '../../../controller/core/diff.ts'
import { pointer, pointerSegments, sortChanges } from '../../../controller/core/diff/change.ts'

const change = (path: string, wanted: unknown, live: unknown = null): Change => ({
  path,
  wanted,
  live,
  owner: 'Steersman',
  class: 'service',
})
const container = '/taskDefinition/containerDefinitions/web'

describe('a change in one line', () => {
  it.each([
    [change('/service/desiredCount', 3, 5), '/service/desiredCount: wanted 3, live 5 (Steersman)'],
    [
      change(`${container}/environment/A/value`, 'x', 'y'),
      `${container}/environment/A/value: wanted (hidden), live (hidden) (Steersman)`,
    ],
    [
      change(`${container}/command`, ['a'], null),
      `${container}/command: wanted ["a"], live nothing (Steersman)`,
    ],
    [
      change('/service/status', 'x'.repeat(300)),
      `/service/status: wanted ${'x'.repeat(200)}…, live nothing (Steersman)`,
    ],
  ])('%# reads as a person would say it', (given, line) => {
    expect(describeChange(given)).toBe(line)
  })
})

describe('a secret', () => {
  it.each([
    ['an environment variable', change(`${container}/environment/LEVEL/value`, 'hush')],
    [
      'an environment variable that is missing',
      change(`${container}/environment/LEVEL`, { name: 'LEVEL', value: 'hush' }),
    ],
    ['a whole environment', change(`${container}/environment`, [{ name: 'LEVEL', value: 'hush' }])],
    [
      'a container that is missing',
      change(container, { name: 'web', environment: [{ name: 'LEVEL', value: 'hush' }] }),
    ],
    ['a log option', change(`${container}/logConfiguration/options/splunk-token`, 'hush')],
    ['log options', change(`${container}/logConfiguration`, { options: { 'splunk-token': 'hush' } })],
    ['a label', change(`${container}/dockerLabels/api_key`, 'hush')],
    ['a proxy property', change('/taskDefinition/proxyConfiguration/properties/A/value', 'hush')],
    ['a tag of such a name', change('/service/tags/password/value', 'hush')],
    ['tags', change('/service/tags', [{ key: 'apiKey', value: 'hush' }])],
    ['an option and its word', change(`${container}/command`, ['--password', 'hush'])],
    ['an option with its word', change(`${container}/command`, ['--db-password=hush'])],
    ['a shell line', change(`${container}/command`, ['sh', '-c', 'PGPASSWORD="hush hush" psql'])],
    ['a header', change(`${container}/command`, ['token: Bearer hush'])],
    ['JSON in text', change(`${container}/command`, ['{"secret":"hush"}'])],
    ['an address', change(`${container}/command`, ['postgres://user:hush@db/shop'])],
    ['something far too deep', change(container, nested(40, 'hush'))],
  ])('is hidden: %s', (_, given) => {
    expect(describeChange(given)).not.toContain('hush')
    expect(JSON.stringify(redactChange({ ...given, live: given.wanted, wanted: null }))).not.toContain('hush')
  })

  it.each([
    [
      'where a secret is kept',
      change(`${container}/secrets/DB_PASSWORD/valueFrom`, 'arn:aws:secretsmanager:eu-west-1:1:secret:db'),
    ],
    ['a container named so', change('/taskDefinition/containerDefinitions/token-service/image', 'web:1')],
    [
      'a missing container named so',
      change('/taskDefinition/containerDefinitions/token-service', { image: 'web:1' }),
    ],
    [
      'a target group named so',
      change('/rules/443:x/Actions/forward/ForwardConfig/TargetGroups/token-blue/Weight', 5),
    ],
    ['a plain tag', change('/service/tags/team/value', 'shop')],
    ['a limit', change(`${container}/resourceRequirements/GPU/value`, '1')],
  ])('is not taken for one: %s', (_, given) => {
    expect(redactChange(given)).toEqual(given)
  })

  it('in an environment variable is never shown, whatever the variable is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.stringMatching(/^[a-z]{20}$/), (name, value) => {
        const path = pointer(['taskDefinition', 'containerDefinitions', 'web', 'environment', name])
        expect(describeChange(change(path, { name, value }))).not.toContain(value)
        expect(describeChange(change(`${path}/value`, value))).not.toContain(value)
      }),
    )
  })
})

function nested(depth: number, value: unknown): unknown {
  return depth === 0 ? value : { inner: nested(depth - 1, value) }
}

describe('a path', () => {
  it('gives back the segments it was made of', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (segments) => {
        expect(pointerSegments(pointer(segments))).toEqual(segments)
      }),
    )
  })

  it('sorts the changes', () => {
    const paths = ['/b', '/a', '/b', '/c'].map((path) => change(path, 1))
    expect(sortChanges(paths).map(({ path }) => path)).toEqual(['/a', '/b', '/b', '/c'])
  })
})
