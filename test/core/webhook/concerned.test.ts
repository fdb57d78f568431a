import { describe, expect, it } from 'vitest'
import { concernedBy, repositoryKey } from '../../../controller/core/webhook/concerned.ts'

const repository = 'https://github.com/acme/shop.git'
const environments = [
  { name: 'prod', repository, branch: 'prod' },
  { name: 'prod-eu', repository: 'git@github.com:acme/shop.git', branch: 'prod' },
  { name: 'staging', repository, branch: 'staging' },
  { name: 'other', repository: 'https://github.com/acme/other.git', branch: 'prod' },
]

describe('a push', () => {
  it.each([
    ['refs/heads/prod', ['prod', 'prod-eu']],
    ['refs/heads/staging', ['staging']],
    ['refs/heads/feature', []],
    ['refs/tags/deploy/prod/current', ['prod']],
    ['refs/tags/deploy/prod-eu/4', ['prod-eu']],
    ['refs/tags/prod', []],
    ['refs/tags/deploy/prod', []],
  ])('of %s concerns %j', (ref, names) => {
    expect(concernedBy({ repositories: ['https://github.com/acme/shop'], ref }, environments)).toEqual(names)
  })

  it('concerns the environments of any of the addresses', () => {
    const repositories = ['https://mirror.internal/acme/shop', 'git@github.com:acme/other.git']
    expect(concernedBy({ repositories, ref: 'refs/heads/prod' }, environments)).toEqual(['other'])
  })
})

describe('a repository', () => {
  it.each([
    'https://github.com/acme/shop.git',
    'https://github.com/acme/shop',
    'https://github.com/Acme/Shop.git/',
    'https://robot:token@github.com/acme/shop.git',
    'https://github.com:443/acme/shop.git',
    'ssh://git@github.com:22/acme/shop.git',
    'git@github.com:acme/shop.git',
    'github.com:acme/shop',
  ])('is one, as %s', (address) => {
    expect(repositoryKey(address)).toBe('github.com/acme/shop')
  })

  it.each(['/srv/git/shop.git', '../shop.git', 'file:///srv/git/shop.git', 'C:/git/shop'])(
    'of this machine stays as it is: %s',
    (address) => {
      expect(repositoryKey(address)).toBe(address)
    },
  )
})
