import { describe, expect, it } from 'vitest'
import type { Leaving } from '../../../controller/core/plan/removal-order.ts'
import { goesAfter } from '../../../controller/core/plan/removal-order.ts'

const served = (name: string, ...dependsOn: string[]): Leaving => ({ name, isServed: true, dependsOn })
const inner = (name: string, ...dependsOn: string[]): Leaving => ({ name, isServed: false, dependsOn })

describe('who goes first when everything is taken down', () => {
  it.each<[string, readonly Leaving[], string, readonly string[]]>([
    ['one alone', [served('web')], 'web', []],
    ['what depends on it', [served('web', 'api'), served('api')], 'api', ['web']],
    ['and not what it depends on', [served('web', 'api'), served('api')], 'web', []],
    ['also by others', [served('web', 'api'), served('api', 'auth'), served('auth')], 'auth', ['api', 'web']],
    ['whatever has a rule, before what has none', [served('web'), inner('worker')], 'worker', ['web']],
    [
      'and not the other way round, whoever depends on whom',
      [served('web'), inner('worker', 'web')],
      'web',
      [],
    ],
    ['of what has no rule what depends on it', [inner('a', 'b'), inner('b')], 'b', ['a']],
    ['nobody of a circle', [served('a', 'b'), served('b', 'c'), served('c', 'a')], 'b', []],
    ['but who depends on a circle', [served('a', 'b'), served('b', 'a'), served('web', 'a')], 'b', ['web']],
    ['nobody that is gone', [served('web', 'gone')], 'web', []],
    ['nobody for what is unknown', [served('web')], 'other', []],
  ])('%s', (_title, releases, name, expected) => {
    expect(goesAfter(name, releases)).toEqual(expected)
  })

  it('never lets two wait for each other', () => {
    const releases = [
      served('a', 'b', 'w'),
      served('b', 'a'),
      inner('w', 'a'),
      inner('v', 'w'),
      inner('u', 'v', 'w'),
    ]
    for (const { name } of releases)
      for (const other of goesAfter(name, releases)) expect(goesAfter(other, releases)).not.toContain(name)
  })
})
