import { describe, expect, it } from 'vitest'
import { formatIssue } from '../../../controller/core/manifest/issue.ts'
import type { SourceFile } from '../../../controller/core/manifest/source-file.ts'
import { createTaskDefinitionReader } from '../../../controller/core/manifest/task-definition-file.ts'
import { joinPath, sortTree } from '../../../controller/core/manifest/tree.ts'
import { file } from './files.ts'

/** The base files, each with its overlay, and what is wrong. */
function sorted(
  paths: readonly (string | SourceFile)[],
  { path = 'deploy', environment = 'prod' }: { path?: string; environment?: string | undefined } = {},
): readonly string[] {
  const files = paths.map((each) => (typeof each === 'string' ? file(each, '') : each))
  const { pairs, issues } = sortTree({ files, path, environment })
  return [
    ...pairs.map(({ base, overlay }) => `${base.path} + ${overlay?.path ?? 'nothing'}`),
    ...issues.map((issue) => `${issue.code} ${formatIssue(issue)}`),
  ]
}

const link = (path: string): SourceFile => file(path, '', { mode: 'symlink' })

describe("a commit's files", () => {
  it.each<readonly [what: string, paths: readonly (string | SourceFile)[], expected: readonly string[]]>([
    [
      'are read below releases alone',
      ['deploy/releases/a.yaml', 'deploy/a.yaml', 'releases/b.yaml', 'x/deploy/releases/c.yaml'],
      ['deploy/releases/a.yaml + nothing'],
    ],
    [
      'are YAML and JSON, in any case',
      ['a.yaml', 'b.YML', 'c.json', 'd.yamlx', 'e.txt', 'yaml', 'f.xyaml'].map(
        (name) => `deploy/releases/${name}`,
      ),
      ['a.yaml', 'b.YML', 'c.json'].map((name) => `deploy/releases/${name} + nothing`),
    ],
    [
      'are also links, whatever their name, to be refused when they are read',
      [link('deploy/releases/a')],
      ['deploy/releases/a + nothing'],
    ],
    [
      'go with the overlay of their name',
      ['deploy/releases/t/a.yaml', 'deploy/overlays/prod/t/a.yaml', 'deploy/overlays/dev/t/a.yaml'],
      ['deploy/releases/t/a.yaml + deploy/overlays/prod/t/a.yaml'],
    ],
    [
      'go with an overlay of another ending',
      ['deploy/releases/a.yaml', 'deploy/releases/b.yaml', 'deploy/overlays/prod/a.JSON'],
      ['deploy/releases/a.yaml + deploy/overlays/prod/a.JSON', 'deploy/releases/b.yaml + nothing'],
    ],
    [
      'go rather with the overlay of the very name',
      ['deploy/releases/a.yaml', 'deploy/releases/a.json', 'deploy/overlays/prod/a.json'],
      ['deploy/releases/a.yaml + nothing', 'deploy/releases/a.json + deploy/overlays/prod/a.json'],
    ],
    [
      'go with no overlay that may be of two',
      ['deploy/releases/a.yaml', 'deploy/releases/a.json', 'deploy/overlays/prod/a.yml'],
      [
        'deploy/releases/a.yaml + nothing',
        'deploy/releases/a.json + nothing',
        'OverlayWithoutBase deploy/overlays/prod/a.yml:1:1: the overlay has nothing to lie over; expected the file deploy/releases/a.yml',
      ],
    ],
    [
      'go with the first of two overlays',
      ['deploy/releases/a.yaml', 'deploy/overlays/prod/a.yml', 'deploy/overlays/prod/a.yaml'],
      [
        'deploy/releases/a.yaml + deploy/overlays/prod/a.yml',
        'OverlayWithoutBase deploy/overlays/prod/a.yaml:1:1: another overlay belongs to the same file already; expected one overlay for deploy/releases/a.yaml',
      ],
    ],
    [
      'are hidden by a link in the place of a folder',
      [link('deploy'), link('deploy/overlays')],
      ['deploy', 'deploy/overlays'].map(
        (path) => `SymbolicLink ${path}:1:1: this is a symbolic link; expected a folder`,
      ),
    ],
    [
      'are hidden by a submodule too',
      [file('deploy/releases', '', { mode: 'submodule' })],
      ['Submodule deploy/releases:1:1: this is a submodule; expected a folder'],
    ],
    [
      'are not hidden by a link elsewhere',
      [link('deploy/rel'), link('other'), link('deploy/overlays/dev')],
      [],
    ],
    ['are not hidden by a file of that name', ['deploy/releases'], []],
  ])('%s', (_what, paths, expected) => {
    expect(sorted(paths)).toEqual(expected)
  })

  it('have no overlays without an environment', () => {
    const paths = ['deploy/releases/a.yaml', 'deploy/overlays/prod/a.yaml', 'deploy/overlays/x.yaml']
    expect(
      sortTree({
        files: [...paths.map((path) => file(path, '')), link('deploy/overlays')],
        path: 'deploy',
        environment: undefined,
      }),
    ).toMatchObject({
      pairs: [{ base: { path: 'deploy/releases/a.yaml' }, overlay: undefined }],
      issues: [],
    })
  })

  it('are counted together with the overlays', () => {
    const names = Array.from({ length: 251 }, (_, index) => `${index}.yaml`)
    const paths = names.flatMap((name) => [`deploy/releases/${name}`, `deploy/overlays/prod/${name}`])
    expect(sorted([...paths, link('deploy/overlays')])).toEqual([
      'SymbolicLink deploy/overlays:1:1: this is a symbolic link; expected a folder',
      'TooManyFiles deploy/releases/:1:1: there are 502 release and overlay files; expected at most 500',
    ])
    expect(sorted(paths.slice(0, 500))).toHaveLength(250)
  })

  it('may lie at the root', () => {
    expect(sorted(['releases/a.yaml', 'overlays/prod/a.yaml'], { path: '.' })).toEqual([
      'releases/a.yaml + overlays/prod/a.yaml',
    ])
  })
})

describe('joined paths', () => {
  it.each([
    ['deploy', '', 'deploy/'],
    ['deploy/', 'a/b.json', 'deploy/a/b.json'],
    ['./deploy//prod', './a', 'deploy/prod/a'],
    ['.', '', ''],
    ['', 'a', 'a'],
    ['.', 'a/', 'a'],
  ])('%j and %j are %j', (path, inner, expected) => {
    expect(joinPath(path, inner)).toBe(expected)
  })
})

describe('the file of a task definition', () => {
  const problem = (message: string) => ({
    problem: { path: '/spec/taskDefinition/file', message, code: 'InvalidTaskDefinition', at: 'value' },
  })
  const read = (name: string, ...files: readonly SourceFile[]) =>
    createTaskDefinitionReader({ files, path: 'deploy' })(name)

  it('is read once, by any of its names', () => {
    const reader = createTaskDefinitionReader({ files: [file('deploy/a.json', '{}')], path: 'deploy' })
    expect(reader('a.json')).toMatchObject({ document: { value: {} } })
    expect(reader('./a.json')).toBe(reader('a.json'))
  })

  it.each<readonly [what: string, files: readonly SourceFile[], message: string]>([
    [
      'it is empty',
      [file('deploy/web.json', '# nothing')],
      'deploy/web.json has 0 documents; expected one task definition',
    ],
    [
      'it holds two',
      [file('deploy/web.json', '{}\n---\n{}')],
      'deploy/web.json has 2 documents; expected one task definition',
    ],
    [
      'it is nowhere',
      [],
      'there is no file deploy/web.json in the commit; expected the path of a task definition',
    ],
    [
      'one of a like name is there',
      [file('deploy/wed.json', '')],
      'there is no file deploy/web.json in the commit; expected deploy/wed.json',
    ],
    [
      'one of a much longer name is there',
      [file('deploy/web.json-old', '')],
      'there is no file deploy/web.json in the commit; expected the path of a task definition',
    ],
    ['its folder is a link', [link('deploy')], 'deploy is a symbolic link or a submodule; expected a folder'],
  ])('is no task definition where %s', (_what, files, message) => {
    expect(read('web.json', ...files)).toEqual(problem(message))
  })

  it('is as wrong as its text', () => {
    expect(read('web.json', file('deploy/web.json', '{'))).toMatchObject({ issues: [{ code: 'Syntax' }] })
  })
})
