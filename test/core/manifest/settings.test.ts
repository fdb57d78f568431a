import { readFile, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatIssue, loadManifests } from '../../../controller/core/manifest.ts'
import type { SourceFile } from '../../../controller/core/manifest.ts'
import { loadSettings } from '../../../controller/core/manifest/settings.ts'
import { environmentDocument } from '../../resources/documents.ts'
import { file } from './files.ts'

const document = (value: unknown) => JSON.stringify(value)
const configuration = { apiVersion: 'steersman.dev/v1alpha1', kind: 'Configuration', spec: {} }

const HOOK = 'arn:aws:lambda:eu-west-1:123456789012:function:hook'

describe('loadSettings', () => {
  it('finds environments and the configuration in one file', () => {
    const text = `${document(environmentDocument())}\n---\n${document(configuration)}`
    const { environments, configuration: found, issues } = loadSettings([file('all.yaml', text)])
    expect(issues).toEqual([])
    expect(environments.map(({ environment, file: path }) => `${path} ${environment.metadata.name}`)).toEqual(
      ['all.yaml demo'],
    )
    expect(found?.configuration.spec.listen).toBe('127.0.0.1:8080')
  })

  it.each<[string, unknown, boolean | undefined, number]>([
    ['files', { ...configuration, spec: { store: { type: 'file' } } }, true, 2],
    ['a cluster', { ...configuration, spec: { store: { type: 'kubernetes' } } }, undefined, 0],
    ['files by default', configuration, true, 2],
    ['nowhere that anybody says', undefined, undefined, 1],
    ['a cluster, as the caller knows', undefined, true, 0],
  ])('takes Secrets of a cluster where the objects are in one: in %s', (_, settings, isInCluster, count) => {
    const secretRef = { name: 'git', key: 'token' }
    const { spec } = environmentDocument() as { spec: { source: object } }
    const source = { ...spec.source, credentialsFrom: { secretRef } }
    const tokens = [{ name: 'ci', role: 'viewer', tokenFrom: { secretRef } }]
    const files = [file('a.yaml', document(environmentDocument({ source })))]
    if (settings !== undefined) {
      const whole = settings as { spec: object }
      files.push(file('b.yaml', document({ ...whole, spec: { ...whole.spec, tokens } })))
    }
    const { issues } = loadSettings(files, isInCluster === undefined ? {} : { isInCluster })
    expect(issues.map(({ code }) => code)).toEqual(Array.from({ length: count }, () => 'NotSupportedYet'))
  })

  it.each<[string, unknown[], string[]]>([
    [
      'another kind',
      [{ kind: 'Release' }],
      ['a0.yaml:1:9 /kind: "Release" is not read from here; expected kind Environment or Configuration'],
    ],
    [
      'no kind',
      [{ a: 1 }],
      ['a0.yaml:1:1: the document names no kind; expected kind Environment or Configuration'],
    ],
    ['a list', [[]], ['a0.yaml:1:1: the document names no kind; expected kind Environment or Configuration']],
    [
      'two environments of one name',
      [environmentDocument(), environmentDocument()],
      [
        'a0.yaml:1:80 /metadata/name: another environment is called "demo"; expected a name of its own',
        'a1.yaml:1:80 /metadata/name: another environment is called "demo"; expected a name of its own',
      ],
    ],
    [
      'two configurations',
      [configuration, configuration],
      [
        'a0.yaml:1:1: there is more than one Configuration; expected at most one',
        'a1.yaml:1:1: there is more than one Configuration; expected at most one',
      ],
    ],
    [
      'a wrong configuration',
      [{ ...configuration, spec: { store: { type: 'kubernetes' }, listen: 1 } }],
      ['a0.yaml:1:110 /spec/listen: the number 1 stands here; expected a text, so "1" in quotes'],
    ],
    [
      'a later behaviour',
      [environmentDocument({ deletionPolicy: 'Drain' })],
      [
        'a0.yaml:1:217 /spec/deletionPolicy: not supported yet: deletionPolicy Drain; expected Orphan; an Environment in files ends without Steersman: take its releases off the branch with spec.prune before',
      ],
    ],
    [
      'freeze windows whose times nobody could tell',
      [
        environmentDocument({
          freeze: [
            { schedule: '0 16 * * FRI', duration: '64h', timeZone: 'Europe/Berlin' },
            { schedule: '0 25 * * FRI', duration: '64h' },
            { schedule: '0 16 * * FRI', duration: '64h', timeZone: 'Berlin' },
          ],
        }),
      ],
      [
        expect.stringContaining(
          '/spec/freeze/1/schedule: "0 25 * * FRI" is no schedule, or never comes; expected five cron fields',
        ) as string,
        expect.stringContaining('/spec/freeze/2/timeZone: "Berlin" is no time zone') as string,
      ],
    ],
    [
      'a placeholder of nothing',
      [environmentDocument({ requiredGates: [{ name: 'a', http: { path: '/${x}' } }] })],
      [expect.stringContaining('/spec/requiredGates/0/http/path: ${x} is no placeholder') as string],
    ],
    [
      'required gates that its own allow leaves no host and no function, but no program and no placeholder',
      [
        environmentDocument({
          allow: { clusters: ['*'], gateHosts: ['*.corp.example'] },
          requiredGates: [
            { name: 'script', script: { command: ['check.sh'] } },
            { name: 'ask', webhook: { url: 'https://hooks.example/ask' } },
            { name: 'fine', webhook: { url: 'https://hooks.corp.example/ask' } },
            { name: 'later', webhook: { url: 'https://${environment}.example/ask' } },
            { name: 'hook', lambda: { function: HOOK } },
          ],
        }),
      ],
      [
        expect.stringMatching(
          /^a0\.yaml:1:\d+ \/spec\/requiredGates\/1\/webhook\/url: "hooks\.example" is not allowed .* allow\.gateHosts names: .*; add it to spec\.allow of the Environment$/,
        ) as string,
        expect.stringContaining(`/spec/requiredGates/4/lambda/function: "${HOOK}" is not allowed`) as string,
      ],
    ],
  ])('tells %s', (_, documents, expected) => {
    const files = documents.map((each, index) => file(`a${index}.yaml`, document(each)))
    expect(loadSettings(files).issues.map(formatIssue)).toEqual(expected)
  })

  it('tells a file that can not be read', () => {
    expect(loadSettings([file('a.yaml', '', { mode: 'symlink' })]).issues.map(({ code }) => code)).toEqual([
      'SymbolicLink',
    ])
  })
})

describe('the examples', () => {
  it.each(['manifests/environments', 'manifests/demo/config'])('in %s are right', async (folder) => {
    const { environments, configuration: found, issues } = loadSettings(await filesBelow(folder))
    expect(issues.map(formatIssue)).toEqual([])
    expect(environments.length).toBeGreaterThan(0)
    expect(found).toBeDefined()
  })

  it.each([
    ['manifests/demo/repository', 'demo', ['web']],
    ['manifests/releases/fargate', 'prod', ['web']],
    ['manifests/releases/canary', 'prod', ['web']],
    ['manifests/releases/worker', 'prod', ['mailer']],
    ['manifests/releases/scheduled', 'prod', ['mailer']],
    ['manifests/releases/overlays', 'staging', ['web', 'api']],
    ['manifests/releases/overlays', 'prod', ['web', 'api']],
  ])('in %s are right for %s', async (folder, environment, names) => {
    const files = await filesBelow(folder)
    const { releases, issues } = loadManifests({ files, path: 'deploy', environment, requiredGates: [] })
    expect(issues.map(formatIssue)).toEqual([])
    expect(releases.map(({ release }) => release.metadata.name)).toEqual(names)
  })
})

async function filesBelow(folder: string): Promise<SourceFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(
    paths.toSorted().map(async (path) => file(relative(folder, path), await readFile(path, 'utf8'))),
  )
}
