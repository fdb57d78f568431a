import { describe, expect, it } from 'vitest'

import { isIgnored, joinIgnored, withoutIgnored } from '../../controller/core/ignore.ts'

describe('a place that is left to others', () => {
  it.each([
    ['the very place', '/service/tags/team', ['/service/tags/team'], true],
    ['what lies below it', '/service/tags/team/value', ['/service/tags/team'], true],
    ['what lies above it', '/service/tags', ['/service/tags/team'], false],
    ['a name that begins alike', '/service/tagsets', ['/service/tags'], false],
    ['any one name', '/rules/443:a/Actions', ['/rules/*/Actions'], true],
    ['no two names by one star', '/rules/a/b/Actions', ['/rules/*/Actions'], false],
    ['the idle side with /service', '/idleService/tags', ['/service/tags'], true],
    ['the live side not with /idleService', '/service/tags', ['/idleService/tags'], false],
    ['escaped names', '/rules/443:~1api/Actions', ['/rules/443:~1api'], true],
    ['one of several', '/service/propagateTags', ['/service/tags', '/service/propagateTags'], true],
    ['nothing where nothing is named', '/service/tags', undefined, false],
  ])('is %s: %s by %j: %s', (_, path, ignore, expected) => {
    expect(isIgnored(path, ignore)).toBe(expected)
    expect(withoutIgnored([{ path }], ignore)).toHaveLength(expected ? 0 : 1)
  })
})

describe('what release and environment leave to others', () => {
  const spec = { service: { cluster: 'shop', desiredCount: 3 } }

  it('is one list', () => {
    const own = { ...spec, ignore: ['/service/tags'] }
    expect(joinIgnored(own, ['/service/tags', '/service/propagateTags'])).toEqual({
      ...spec,
      ignore: ['/service/tags', '/service/propagateTags'],
    })
    expect(joinIgnored(spec, [])).toBe(spec)
  })

  it('takes the count away from the release where it is theirs', () => {
    expect(joinIgnored(spec, ['/service/desiredCount'])).toEqual({
      service: { cluster: 'shop' },
      ignore: ['/service/desiredCount'],
    })
    expect(joinIgnored(spec, ['/idleService/desiredCount']).service).toEqual(spec.service)
  })
})
