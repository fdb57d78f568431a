import { describe, expect, it } from 'vitest'
import { loadManifests } from '../../../controller/core/manifest.ts'
import type { SourceFile } from '../../../controller/core/manifest.ts'
import { loadSettings } from '../../../controller/core/manifest/settings.ts'
import { environmentDocument } from '../../resources/documents.ts'
import { WEB, commit, file } from './files.ts'

const WEB_PATH = 'deploy/releases/web.yaml'
const TASK_PATH = 'deploy/taskdefs/web.json'
const OVERLAY = 'deploy/overlays/demo/web.yaml'
const web = { name: 'web', portMappings: [{ containerPort: 8080 }] }

const release = (text: string): SourceFile => file(WEB_PATH, text)
const task = (document: unknown): SourceFile => file(TASK_PATH, JSON.stringify(document))

/** Where programs look: the code and the pointer of each issue. */
function codes(...files: SourceFile[]): readonly string[] {
  const input = { files: commit(...files), path: 'deploy', environment: 'demo', requiredGates: [] }
  return loadManifests(input).issues.map(({ code, path }) => `${code} ${path}`)
}

describe('the code of an issue', () => {
  it.each<readonly [what: string, files: readonly SourceFile[], expected: string]>([
    ['no YAML', [release('a: [')], 'Syntax '],
    ['nested too deep', [release(`a: ${'['.repeat(60)}`)], 'Syntax '],
    ['too many documents', [release('---\na: 1\n'.repeat(201))], 'TooManyDocuments '],
    ['a symbolic link', [file(WEB_PATH, '', { mode: 'symlink' })], 'SymbolicLink '],
    ['a submodule', [file(WEB_PATH, '', { mode: 'submodule' })], 'Submodule '],
    ['too large', [file(WEB_PATH, '', { size: 1_048_577 })], 'FileTooLarge '],
    ['not UTF-8', [file(WEB_PATH, '', { validUtf8: false })], 'NotUtf8 '],
    ['no object', [release('- a\n')], 'WrongType '],
    ['without a kind', [release('a: 1\n')], 'WrongKind '],
    ['of another kind', [release('kind: Pod\n')], 'WrongKind /kind'],
    [
      'a key twice',
      [release(`${WEB}  engine: TargetGroupSwap\n  engine: TargetGroupSwap\n`)],
      'DuplicateKey /spec/engine',
    ],
    ['a list as a key', [release(`${WEB}  ? [a]\n  : 1\n`)], 'ComplexKey /spec'],
    ['the key __proto__', [release(`${WEB}  __proto__: {}\n`)], 'ForbiddenField /spec/__proto__'],
    ['an alias', [release(WEB.replace('80 }', '80, host: *a }'))], 'Alias /spec/traffic/rule/host'],
    ['a tag', [release(WEB.replace('cluster: ', 'cluster: !!str '))], 'Tag /spec/service/cluster'],
    [
      'no finite number',
      [release(WEB.replace('Count: 2', 'Count: .nan'))],
      'InvalidValue /spec/service/desiredCount',
    ],
    [
      'an unknown placeholder',
      [release(WEB.replace('tag: v1', 'tag: "${x}"'))],
      'UnknownPlaceholder /spec/image/tag',
    ],
    [
      'a placeholder that may not stand there',
      [release(WEB.replace('tag: v1', 'tag: "${imageTag}"'))],
      'UnknownPlaceholder /spec/image/tag',
    ],
    [
      'a rule twice',
      [release(WEB.replace('rule: { port: 80 }', 'rules: [{ port: 80 }, { port: 80 }]'))],
      'InvalidValue /spec/traffic/rules/1',
    ],
    ['a name twice', [file('deploy/releases/zoo.yaml', WEB)], 'DuplicateName /metadata/name'],
    [
      'no task definition',
      [release(WEB.replace('web.json', 'api.json'))],
      'InvalidTaskDefinition /spec/taskDefinition/file',
    ],
    ['an overlay of no file', [file('deploy/overlays/demo/api.yaml', '{}')], 'OverlayWithoutBase '],
    [
      'an overlay of no release',
      [file(OVERLAY, 'metadata: { name: api }\n')],
      'OverlayWithoutBase /metadata/name',
    ],
    ['an overlay of one release of none', [release('# none'), file(OVERLAY, '{}\n')], 'OverlayWithoutBase '],
    [
      'too many files',
      Array.from({ length: 500 }, (_, index) => file(`deploy/releases/${index}.yaml`, '')),
      'TooManyFiles ',
    ],
    ['no containers', [task({})], 'InvalidTaskDefinition '],
    [
      'an unknown field of a task definition',
      [task({ zzzzz: 1, containerDefinitions: [web] })],
      'UnknownField /zzzzz',
    ],
    [
      'a field that ECS answers',
      [task({ revision: 1, containerDefinitions: [web] })],
      'UnknownField /revision',
    ],
    [
      'two containers of one name',
      [task({ containerDefinitions: [web, { ...web, image: 'x' }] })],
      'DuplicateName /containerDefinitions/1/name',
    ],
    [
      'an unknown placeholder of a task definition',
      [task({ containerDefinitions: [{ ...web, user: '${x}' }] })],
      'UnknownPlaceholder /containerDefinitions/0/user',
    ],
  ])('for a file that is %s names the mistake', (_what, files, expected) => {
    expect(codes(...files)).toContain(expected)
  })

  it.each<readonly [what: string, documents: readonly unknown[], expected: readonly string[]]>([
    ['another kind', [{ kind: 'Release' }], ['WrongKind /kind']],
    ['no kind', [{}], ['WrongKind ']],
    [
      'two environments of one name',
      [environmentDocument(), environmentDocument()],
      ['DuplicateName /metadata/name', 'DuplicateName /metadata/name'],
    ],
    [
      'two configurations',
      Array.from({ length: 2 }, () => ({
        apiVersion: 'steersman.dev/v1alpha1',
        kind: 'Configuration',
        spec: {},
      })),
      ['DuplicateName ', 'DuplicateName '],
    ],
  ])('for settings with %s names the mistake', (_what, documents, expected) => {
    const files = documents.map((each, index) => file(`${index}.json`, JSON.stringify(each)))
    expect(loadSettings(files).issues.map(({ code, path }) => `${code} ${path}`)).toEqual(expected)
  })
})

describe('what is just within the limits', () => {
  it.each<readonly [what: string, files: readonly SourceFile[]]>([
    ['a file of a mebibyte', [file(WEB_PATH, WEB, { size: 1_048_576 })]],
    [
      'a name of 55 characters with that of the environment',
      [release(WEB.replace('name: web', `name: ${'w'.repeat(50)}`))],
    ],
    [
      'a deadline one second longer than the bake',
      [release(`${WEB}  strategy: { bake: 30m, deadline: 1801s }\n`)],
    ],
    [
      'the same port for two hosts',
      [
        release(
          WEB.replace(
            'rule: { port: 80 }',
            'rules: [{ port: 80, host: a.example }, { port: 80, host: b.example }]',
          ),
        ),
      ],
    ],
    [
      'the same port for two paths',
      [release(WEB.replace('rule: { port: 80 }', 'rules: [{ port: 80, path: /a }, { port: 80, path: /b }]'))],
    ],
  ])('is taken: %s', (_what, files) => {
    expect(codes(...files)).toEqual([])
  })

  it.each<readonly [what: string, files: readonly SourceFile[], expected: string]>([
    [
      'a deadline as long as the bake',
      [release(`${WEB}  strategy: { bake: 30m, deadline: 30m }\n`)],
      'InvalidValue /spec/strategy/deadline',
    ],
    [
      'hosts that differ in their case',
      [
        release(
          WEB.replace(
            'rule: { port: 80 }',
            'rules: [{ port: 80, host: a.example }, { port: 80, host: A.example }]',
          ),
        ),
      ],
      'InvalidValue /spec/traffic/rules/1',
    ],
    [
      'a test rule that is the only production rule',
      [release(WEB.replace('8081', '80'))],
      'InvalidValue /spec/traffic/test',
    ],
    [
      'a name of 56 characters with that of the environment',
      [release(WEB.replace('name: web', `name: ${'w'.repeat(51)}`))],
      'InvalidValue /metadata/name',
    ],
  ])('is refused when it is just outside: %s', (_what, files, expected) => {
    expect(codes(...files)).toContain(expected)
  })

  it('is 200 documents in one file', () => {
    expect(codes(release('---\na: 1\n'.repeat(200))).every((code) => code === 'WrongKind ')).toBe(true)
  })

  it('is 500 release and overlay files', () => {
    const many = Array.from({ length: 499 }, (_, index) => file(`deploy/releases/${index}.yaml`, ''))
    expect(codes(...many)).toEqual([])
  })

  it('is a thousand issues of one commit', () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      file(`deploy/releases/${index}.yaml`, 'kind: Release\na: *a\nb: *b\nc: *c\nd: *d\n'),
    )
    expect(codes(...many)).toHaveLength(1_000)
  })
})
