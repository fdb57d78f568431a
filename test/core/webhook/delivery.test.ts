import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Sender } from '../../../controller/core/webhook/delivery.ts'
import { readDelivery, SENDERS } from '../../../controller/core/webhook/delivery.ts'

const push = { github: { 'x-github-event': 'push' }, gitlab: { 'x-gitlab-event': 'Push Hook' }, generic: {} }
const read = (sender: Sender, body: unknown, headers: Readonly<Record<string, string>> = push[sender]) =>
  readDelivery({ sender, headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) })

describe('what a webhook says', () => {
  it('names the repository as GitHub does', () => {
    const repository = {
      clone_url: 'https://github.com/acme/shop.git',
      ssh_url: 'git@github.com:acme/shop.git',
      html_url: 'https://github.com/acme/shop',
    }
    expect(read('github', { ref: 'refs/heads/prod', after: 'a'.repeat(40), repository })).toEqual({
      kind: 'Push',
      push: { ref: 'refs/heads/prod', repositories: Object.values(repository) },
    })
  })

  it.each(['Push Hook', 'Tag Push Hook'])('names the repository as GitLab does, by its %s', (event) => {
    const project = {
      git_http_url: 'https://gitlab.com/acme/shop.git',
      git_ssh_url: 'git@gitlab.com:acme/shop.git',
    }
    const heard = read('gitlab', { ref: 'refs/tags/deploy/prod/4', project }, { 'x-gitlab-event': event })
    expect(heard).toEqual({
      kind: 'Push',
      push: { ref: 'refs/tags/deploy/prod/4', repositories: Object.values(project) },
    })
  })

  it('is little where anybody sends it', () => {
    expect(read('generic', { repository: '/srv/git/shop.git', ref: 'refs/heads/prod' })).toEqual({
      kind: 'Push',
      push: { ref: 'refs/heads/prod', repositories: ['/srv/git/shop.git'] },
    })
  })

  it.each([
    ['github', { 'x-github-event': 'ping' }, 'ping'],
    ['github', {}, 'nothing'],
    ['github', { 'x-github-event': '<script>' }, 'another event'],
    ['gitlab', { 'x-gitlab-event': 'Merge Request Hook' }, 'Merge Request Hook'],
    ['gitlab', { 'x-gitlab-event': 'a'.repeat(51) }, 'another event'],
    ['gitlab', {}, 'nothing'],
  ] as const)('is of another event: %s %j', (sender, headers, event) => {
    expect(read(sender, 'not looked at', headers)).toEqual({ kind: 'Other', event })
  })

  it.each([
    ['', 'the body is no JSON object'],
    ['[]', 'the body is no JSON object'],
    ['null', 'the body is no JSON object'],
    [
      {},
      'no repository is named; expected one of repository.clone_url, repository.ssh_url, repository.html_url',
    ],
    [
      { repository: 'x' },
      'no repository is named; expected one of repository.clone_url, repository.ssh_url, repository.html_url',
    ],
    [
      { repository: { clone_url: 7, ssh_url: '' } },
      'no repository is named; expected one of repository.clone_url, repository.ssh_url, repository.html_url',
    ],
    [{ repository: { clone_url: 'x' } }, 'ref is no reference in full; expected refs/heads/… or refs/tags/…'],
    [
      { repository: { clone_url: 'x' }, ref: 'prod' },
      'ref is no reference in full; expected refs/heads/… or refs/tags/…',
    ],
    [
      { repository: { clone_url: 'x' }, ref: 'refs/heads/' },
      'ref is no reference in full; expected refs/heads/… or refs/tags/…',
    ],
    [
      { repository: { clone_url: 'x' }, ref: 'refs/notes/x' },
      'ref is no reference in full; expected refs/heads/… or refs/tags/…',
    ],
  ])('is not understood: %j', (body, why) => {
    expect(read('github', body)).toEqual({ kind: 'Unreadable', why })
  })

  it('is understood or not, whatever it is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SENDERS), fc.oneof(fc.json(), fc.string()), (sender, body) => {
        expect(['Push', 'Unreadable']).toContain(read(sender, body).kind)
      }),
    )
  })
})
