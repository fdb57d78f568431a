import { describe, expect, it } from 'vitest'

import { isUnresolved } from '../../../controller/core/offline-diff/placeholders.ts'

const between = (wanted: unknown, live: unknown): boolean =>
  isUnresolved({ path: '/x', wanted, live, owner: 'Steersman', class: 'service' })

describe('a difference that nobody could fill in offline', () => {
  it.each([
    ['web:${commit}', 'web:abc'],
    ['${imageTag}', '1.4'],
    ['${environment}-web', 'prod-web'],
    ['arn:aws:sns:${region}:${account}:x', 'arn:aws:sns:eu-west-1:123456789012:x'],
    [
      ['--env', '${environment}'],
      ['--env', 'prod'],
    ],
    [[['${region}']], [['eu-west-1']]],
  ])('is %o against %o', (wanted, live) => {
    expect(between(wanted, live)).toBe(true)
  })

  it.each([
    ['a text around the placeholder', 'web:${commit}', 'api:abc'],
    ['an unknown placeholder', '${other}', 'x'],
    ['a text without one', 'a', 'b'],
    ['a star that is no placeholder', 'a*', 'ab'],
    ['a list of another length', ['${region}'], ['eu-west-1', 'b']],
    ['a list with another element', ['a', '${region}'], ['b', 'eu-west-1']],
    ['a text against a number', '${region}', 1],
    ['a number against a text', 1, 'x'],
    ['a list against a text', ['${region}'], 'eu-west-1'],
    ['a text against a list', '${region}', ['eu-west-1']],
    ['an object', { a: '${region}' }, { a: 'eu-west-1' }],
    ['something against nothing', '${region}', undefined],
  ])('is not %s', (_what, wanted, live) => {
    expect(between(wanted, live)).toBe(false)
  })
})
