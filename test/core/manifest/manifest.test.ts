import { describe, expect, it } from 'vitest'
import { loadManifests } from '../../../controller/core/manifest.ts'
import { TASK_DEFINITION, WEB, commit, file, load } from './files.ts'

const WEB_PATH = 'deploy/releases/web.yaml'
const TASK_PATH = 'deploy/taskdefs/web.json'

describe('loadManifests', () => {
  it('loads a release with defaults and its task definition', () => {
    const { issues, releases } = load(commit())
    expect(issues).toEqual([])
    expect(releases).toMatchObject([
      {
        file: WEB_PATH,
        release: { metadata: { name: 'web' }, spec: { engine: 'TargetGroupSwap', strategy: { bake: '5m' } } },
        taskDefinitionDocument: { containerDefinitions: [{ name: 'web' }] },
      },
    ])
  })

  it('reads .yml and .json, several documents, folders below releases, and path "."', () => {
    const api = WEB.replaceAll('web-', 'api-')
      .replace('name: web', 'name: api')
      .replace('tag: v1', 'container: web, tag: v1')
    const json = JSON.stringify({
      apiVersion: 'steersman.dev/v1alpha1',
      kind: 'Release',
      metadata: { name: 'cron' },
      spec: {
        taskDefinition: {
          inline: {
            containerDefinitions: [{ name: 'cron', image: 'x', portMappings: [{ containerPort: 1 }] }],
          },
        },
        service: { cluster: 'demo' },
        traffic: { loadBalancer: 'demo', rule: { port: 1 }, targetGroups: { blue: 'a', green: 'b' } },
      },
    })
    const files = [
      file('releases/both.yml', `${WEB}---\n${api}---\n# nothing\n`),
      file('releases/team/cron.json', json),
      file('releases/README.md', '# not read'),
      file('taskdefs/web.json', TASK_DEFINITION),
    ]
    const { issues, releases } = loadManifests({ files, path: '.', environment: 'demo', requiredGates: [] })
    expect(issues).toEqual([])
    expect(releases.map(({ release }) => release.metadata.name)).toEqual(['web', 'api', 'cron'])
  })

  it('reads CRLF, a byte order mark and tabs in JSON, and keeps positions right', () => {
    const crlf = `\ufeff${WEB.replace('port: 80 ', 'port: eighty ')}`.replaceAll('\n', '\r\n')
    const tabs = TASK_DEFINITION.replaceAll('  ', '\t')
    expect(load(commit(file(WEB_PATH, crlf), file(TASK_PATH, tabs))).issues).toEqual([
      `${WEB_PATH}:10:19 /spec/traffic/rule/port: the text "eighty" stands here; expected a whole number`,
    ])
    expect(load(commit(file(TASK_PATH, tabs))).issues).toEqual([])
    const marked = `\ufeff${WEB.replace('apiVersion', 'apiVersiom')}`
    expect(load(commit(file(WEB_PATH, marked))).issues).toContain(
      `${WEB_PATH}:1:1 /apiVersiom: the field "apiVersiom" is unknown; expected "apiVersion", or nothing`,
    )
  })

  it.each<[string, string, string]>([
    [
      'an unknown key at the key',
      WEB.replace('cluster:', 'clutser:'),
      `7:14 /spec/service/clutser: the field "clutser" is unknown; expected "cluster", or nothing`,
    ],
    [
      'a missing field at the object that lacks it',
      WEB.replace('cluster: demo, ', ''),
      '7:12 /spec/service: the field "cluster" is missing; expected a text',
    ],
    [
      'a number that was meant as a text',
      WEB.replace('tag: v1', 'tag: 1.10'),
      '5:39 /spec/image/tag: the number 1.1 stands here; expected a text, so "1.10" in quotes',
    ],
    [
      'an octal as YAML 1.2 has it',
      WEB.replace('desiredCount: 2', 'desiredCount: 0o7777777'),
      '7:43 /spec/service/desiredCount: 2097151 is too large; expected at most 5000',
    ],
    [
      'a duplicate key',
      WEB.replace('cluster: demo', 'cluster: demo, cluster: other'),
      '7:29 /spec/service/cluster: the field "cluster" stands here a second time; expected each field once',
    ],
    [
      'the key __proto__',
      WEB.replace('cluster: demo', 'cluster: demo, __proto__: {}'),
      '7:29 /spec/service/__proto__: the field "__proto__" is not taken; expected another name',
    ],
    [
      'an alias',
      `${WEB}  gates: &a [*a]\n`,
      '13:14 /spec/gates/0: aliases (*name) and merge keys are not taken; expected the value written out, or an overlay',
    ],
    [
      'a tag',
      WEB.replace('demo, d', '!!str demo, d'),
      '7:23 /spec/service/cluster: YAML tags are not taken; expected a plain value, a text in quotes',
    ],
    [
      'a key that is a list',
      `${WEB}  ? [a]\n  : 1\n`,
      '13:5 /spec: a list or an object stands where a field name belongs; expected a text',
    ],
    [
      'an alias as a key',
      `${WEB}  &a x: 1\n  *a : 1\n`,
      '14:3 /spec: aliases (*name) and merge keys are not taken; expected the value written out, or an overlay',
    ],
    [
      'an infinite number',
      WEB.replace('desiredCount: 2', 'desiredCount: .inf'),
      '7:43 /spec/service/desiredCount: .inf is no number that JSON has; expected a finite number',
    ],
    [
      'another kind',
      WEB.replace('kind: Release', 'kind: Environment'),
      '2:7 /kind: "Environment" is not read from here; expected kind Release',
    ],
    ['a document without a kind', 'a: 1\n', '1:1: the document names no kind; expected kind Release'],
    ['a document that is a list', '- a\n', '1:1: the document is no object; expected a Release'],
    [
      'a reference to no Terraform output',
      WEB.replace('cluster: demo', 'cluster: { terraform: 5 }'),
      '7:23 /spec/service/cluster: an object with fields stands here; expected a text',
    ],
    [
      'an unknown placeholder',
      WEB.replace('cluster: demo', 'cluster: "${cluster}"'),
      '7:23 /spec/service/cluster: ${cluster} is no placeholder; expected one of ${commit}, ${imageTag}, ${environment}, ${region}, ${account}, or $${ for the text ${',
    ],
    [
      'a placeholder without its brace',
      WEB.replace('cluster: demo', 'cluster: "${cluster"'),
      '7:23 /spec/service/cluster: ${ is no placeholder; expected one of ${commit}, ${imageTag}, ${environment}, ${region}, ${account}, or $${ for the text ${',
    ],
    [
      'a tag made of itself',
      WEB.replace('tag: v1', 'tag: "${imageTag}"'),
      "5:39 /spec/image/tag: ${imageTag} can't stand here: it is made from the image; expected one of ${commit}, ${environment}, ${region}, ${account}",
    ],
    [
      'a file by a value not known yet',
      WEB.replace('taskdefs/web.json', '"${commit}.json"'),
      "6:27 /spec/taskDefinition/file: ${commit} can't stand here: the file is read before the rest is known; expected ${environment}",
    ],
    [
      'a long name',
      WEB.replace('name: web', `name: ${'w'.repeat(51)}`),
      `3:19 /metadata/name: the name demo-${'w'.repeat(51)} has 56 characters; expected at most 55, the environment's name with it`,
    ],
    [
      'a rule twice',
      WEB.replace('rule: { port: 80 }', 'rules: [{ port: 80 }, { port: 80 }]'),
      '10:27 /spec/traffic/rules/1: the rule stands here a second time; expected each rule once',
    ],
    [
      'a test rule in production',
      WEB.replace('8081', '80'),
      '11:11 /spec/traffic/test: the test rule is a production rule; expected a listener or rule of its own',
    ],
    [
      'a bake longer than the deadline',
      `${WEB}  strategy: { bake: 1h }\n`,
      "13:3 /spec/strategy/deadline: a rollout that bakes for 1h can't succeed within 30m; expected a deadline longer than the bake",
    ],
    [
      'a file that is not there',
      WEB.replace('web.json', 'wob.json'),
      '6:27 /spec/taskDefinition/file: there is no file deploy/taskdefs/wob.json in the commit; expected deploy/taskdefs/web.json',
    ],
  ])('tells %s', (_, text, expected) => {
    const { issues, releases } = load(commit(file(WEB_PATH, text)))
    expect(issues).toContain(`${WEB_PATH}:${expected}`)
    expect(releases).toEqual([])
  })

  it('leaves no and dates texts', () => {
    const text = WEB.replace('tag: v1', 'tag: no').replace('cluster: demo', 'cluster: 2026-01-31')
    const { issues, releases } = load(commit(file(WEB_PATH, text)))
    expect(issues).toEqual([])
    expect(releases[0]?.release.spec.image?.tag).toBe('no')
    expect(releases[0]?.release.spec.service.cluster).toBe('2026-01-31')
  })

  it('tells a syntax error once and still checks the other files', () => {
    const { issues } = load(
      commit(file('deploy/releases/a.yaml', 'a: [1\nb: "'), file(WEB_PATH, WEB.replace('tag: v1', 'tag: 1'))),
    )
    expect(issues).toEqual([
      'deploy/releases/a.yaml:2:1: this is not YAML: deficient indentation; expected YAML or JSON',
      `${WEB_PATH}:5:39 /spec/image/tag: the number 1 stands here; expected a text, so "1" in quotes`,
    ])
  })

  it.each<[string, string]>([
    [`a: ${'['.repeat(60)}`, 'the document is nested more than 50 deep; expected a flatter one'],
    ['a: \u0000', 'this is not YAML: null byte is not allowed in input; expected YAML or JSON'],
    ['---\na: 1\n'.repeat(201), 'the file has more than 200 documents; expected fewer'],
  ])('bears %#', (text, message) => {
    const { issues } = load(commit(file('deploy/releases/a.yaml', text)))
    expect(issues).toHaveLength(1)
    expect(issues[0]).toContain(message)
  })

  it.each([
    ['symlink', { mode: 'symlink' }, 'this is a symbolic link; expected a regular file'],
    ['submodule', { mode: 'submodule' }, 'this is a submodule; expected a regular file'],
    ['large', { size: 1_048_577 }, 'the file has 1048577 bytes; expected at most 1048576'],
    ['binary', { validUtf8: false }, 'the file is not UTF-8; expected text in UTF-8'],
  ] as const)('refuses a %s file', (_, other, message) => {
    const path = 'deploy/releases/x.yaml'
    expect(load(commit(file(path, '', other))).issues).toEqual([`${path}:1:1: ${message}`])
    expect(load(commit(file(TASK_PATH, '', other))).issues).toEqual([`${TASK_PATH}:1:1: ${message}`])
  })

  it.each(['deploy', 'deploy/releases', 'deploy/overlays', 'deploy/overlays/demo'])(
    'refuses a symbolic link as %s',
    (path) => {
      expect(load([file(path, '', { mode: 'symlink' })]).issues).toEqual([
        `${path}:1:1: this is a symbolic link; expected a folder`,
      ])
    },
  )

  it('refuses a task definition behind a symbolic link', () => {
    const files = [file(WEB_PATH, WEB), file('deploy/taskdefs', '', { mode: 'symlink' })]
    expect(load(files).issues).toEqual([
      `${WEB_PATH}:6:27 /spec/taskDefinition/file: deploy/taskdefs is a symbolic link or a submodule; expected a folder`,
    ])
  })

  it('refuses more than 500 files', () => {
    const many = Array.from({ length: 501 }, (_, index) => file(`deploy/releases/${index}.yaml`, ''))
    expect(load(many)).toEqual({
      issues: ['deploy/releases/:1:1: there are 501 release and overlay files; expected at most 500'],
      releases: [],
    })
  })

  it('tells both places of a name that is taken twice', () => {
    const { issues } = load(commit(file('deploy/releases/other.yaml', WEB)))
    expect(issues).toEqual([
      `deploy/releases/other.yaml:3:19 /metadata/name: the name "web" is also taken in ${WEB_PATH}:3; expected a name of its own for each release`,
      `${WEB_PATH}:3:19 /metadata/name: the name "web" is also taken in deploy/releases/other.yaml:3; expected a name of its own for each release`,
    ])
  })

  it('writes control characters of a hostile file so that a terminal is safe', () => {
    const { issues } = load(commit(file(WEB_PATH, WEB.replace('cluster:', '"\\e[2J":'))))
    expect(issues.join('')).not.toContain('\u001b')
  })
})
