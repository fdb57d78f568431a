import { describe, expect, it } from 'vitest'
import {
  validateConfiguration,
  validateEnvironment,
  validateRollout,
} from '../../controller/resources/validate.ts'
import { environmentDocument, problemsOf, rolloutDocument } from './documents.ts'

describe('validateEnvironment', () => {
  it('fills in the defaults of a minimal environment and leaves releases unlimited', () => {
    const checked = validateEnvironment(environmentDocument())
    expect(checked).toMatchObject({
      ok: true,
      value: {
        spec: {
          trigger: 'Branch',
          hold: 'UntilResume',
          prune: false,
          suspend: false,
          drift: { service: 'Correct', traffic: 'Correct', infrastructure: 'Alert', unmanaged: 'Alert' },
          source: { path: '.', interval: '30s', verify: { mode: 'none' }, allowRewind: false },
        },
      },
    })
    expect(checked.ok && checked.value.spec.allow).toBeUndefined()
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['another transport', { repository: 'ext::sh -c x' }, '/spec/source/repository'],
    ['a repository that reads as an option', { repository: '--upload-pack=x' }, '/spec/source/repository'],
    ['a branch that reads as an option', { branch: '-x' }, '/spec/source/branch'],
    ['a branch with two dots', { branch: 'a..b' }, '/spec/source/branch'],
    ['a path out of the repository', { path: 'a/../../b' }, '/spec/source/path'],
    ['an absolute path', { path: '/etc' }, '/spec/source/path'],
    ['a poll every millisecond', { interval: '1ms' }, '/spec/source/interval'],
    ['signatures without keys', { verify: { mode: 'HEAD' } }, '/spec/source/verify'],
    [
      'two places for a credential',
      { credentialsFrom: { env: 'A', file: 'b' } },
      '/spec/source/credentialsFrom',
    ],
  ])('refuses %s', (_, source, path) => {
    const problems = problemsOf(validateEnvironment(environmentDocument({}, source)))
    expect(problems.map((problem) => problem.path)).toEqual([path])
  })
})

describe('the way to an account', () => {
  const hub = { roleArn: 'arn:aws:iam::111111111111:role/hub', externalId: 'to-hub' }
  const roleArn = 'arn:aws:iam::123456789012:role/steersman-prod'
  const pathsOf = (aws: object) =>
    problemsOf(validateEnvironment(environmentDocument({ aws: { region: 'eu-west-1', ...aws } }))).map(
      ({ path }) => path,
    )

  it('may lead over roles, with tags at its end', () => {
    const aws = { region: 'eu-west-1', roleArn, via: [hub], sessionTags: { team: 'shop' } }
    expect(validateEnvironment(environmentDocument({ aws }))).toMatchObject({
      ok: true,
      value: { spec: { aws } },
    })
  })

  it.each<[string, object, string]>([
    ['a way without an end', { via: [hub] }, '/spec/aws'],
    ['tags without a role', { sessionTags: { team: 'shop' } }, '/spec/aws'],
    ['a way of no role', { roleArn, via: [] }, '/spec/aws/via'],
    ['a way of more than four', { roleArn, via: [hub, hub, hub, hub, hub] }, '/spec/aws/via'],
    ['a step that is no role', { roleArn, via: [{ roleArn: 'hub' }] }, '/spec/aws/via/0/roleArn'],
    ['a tag that is no text', { roleArn, sessionTags: { team: 1 } }, '/spec/aws/sessionTags/team'],
  ])('is refused: %s', (_, aws, path) => {
    expect(pathsOf(aws)).toEqual([path])
  })
})

describe('validateConfiguration', () => {
  const document = (spec: unknown) => ({ apiVersion: 'steersman.dev/v1alpha1', kind: 'Configuration', spec })

  it('needs no metadata and takes telemetryListen null as none', () => {
    const checked = validateConfiguration(document({ telemetryListen: null }))
    expect(checked.ok && checked.value.spec).toEqual({
      listen: '127.0.0.1:8080',
      dataDir: './data',
      pollInterval: '2s',
      stalenessBound: '60s',
      concurrency: 10,
      terraform: { concurrency: 2, isolation: 'Required' },
      store: { type: 'file', rollouts: 50 },
      log: { level: 'info' },
    })
  })

  it('refuses two tokens of one name', () => {
    const token = { name: 'ci', role: 'viewer', tokenFrom: { env: 'TOKEN' } }
    expect(problemsOf(validateConfiguration(document({ tokens: [token, token] })))).toHaveLength(1)
  })
})

describe('validateRollout', () => {
  it('takes a new rollout, and the same spec again', () => {
    expect(validateRollout(rolloutDocument()).ok).toBe(true)
    expect(validateRollout(rolloutDocument(), rolloutDocument()).ok).toBe(true)
  })

  it('refuses a spec that changed', () => {
    const problems = problemsOf(validateRollout(rolloutDocument({ desiredCount: 3 }), rolloutDocument()))
    expect(problems.map(({ message }) => message)).toEqual([
      'the spec of a Rollout never changes; expected the spec as it was',
    ])
  })

  it('refuses a rollout from a side to the same side', () => {
    expect(validateRollout(rolloutDocument({ from: { side: 'green' } })).ok).toBe(false)
  })
})
