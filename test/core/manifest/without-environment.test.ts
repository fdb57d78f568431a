import { describe, expect, it } from 'vitest'
import { formatIssue, loadManifests } from '../../../controller/core/manifest.ts'
import type { SourceFile } from '../../../controller/core/manifest.ts'
import { TASK_DEFINITION, WEB, commit, file, load } from './files.ts'

const WEB_PATH = 'deploy/releases/web.yaml'
const TASK_PATH = 'deploy/taskdefs/web.json'

function loadBase(...files: readonly SourceFile[]) {
  const input = { files: commit(...files), path: 'deploy', environment: undefined, requiredGates: [] }
  const { issues, releases } = loadManifests(input)
  return { issues: issues.map(formatIssue), releases }
}

describe('a commit that is read for no environment', () => {
  it('is its releases without any overlay', () => {
    const { issues, releases } = loadBase(
      file('deploy/overlays/demo/web.yaml', 'spec: { service: { desiredCount: 9 } }'),
    )
    expect(issues).toEqual([])
    expect(releases.map(({ release }) => release.spec.service.desiredCount)).toEqual([2])
  })

  it('may name what only an environment would find', () => {
    const perEnvironment = WEB.replace('taskdefs/web.json', '"taskdefs/${environment}.json"')
    const { issues, releases } = loadBase(file(WEB_PATH, perEnvironment))
    expect(issues).toEqual([])
    expect(releases[0]).not.toHaveProperty('taskDefinitionDocument')
  })

  it('has the task definition that needs none', () => {
    expect(loadBase().releases[0]).toMatchObject({
      taskDefinitionDocument: JSON.parse(TASK_DEFINITION) as object,
    })
  })

  it.each([
    [
      'a name that would be too long with one',
      WEB.replace('name: web', `name: ${'w'.repeat(55)}`),
      TASK_DEFINITION,
    ],
    ['a family that would be of another', WEB, TASK_DEFINITION.replace('{', '{ "family": "prod-api",')],
    ['a placeholder of one', WEB.replace('cluster: demo', 'cluster: "${environment}"'), TASK_DEFINITION],
  ])('may have %s', (_what, release, task) => {
    expect(loadBase(file(WEB_PATH, release), file(TASK_PATH, task)).issues).toEqual([])
  })
})

describe('an overlay with nothing to lie over', () => {
  const OVERLAY = 'deploy/overlays/demo/web.yaml'
  const bases = (count: number): string =>
    Array.from({ length: count }, (_, index) => WEB.replace('name: web', `name: r${index}`)).join('---\n')

  it('is told ten of the names that there are, and its own as far as it fits', () => {
    const { issues } = load(
      commit(
        file(WEB_PATH, `metadata: {}\n---\n${bases(11)}`),
        file(OVERLAY, `metadata: { name: ${'x'.repeat(81)} }\n`),
      ),
    )
    expect(issues.filter((line) => line.startsWith(OVERLAY))).toEqual([
      `${OVERLAY}:1:19 /metadata/name: the overlay has nothing to lie over: the base file has no "${'x'.repeat(80)}"; expected the name of one of r0, r1, r2, r3, r4, r5, r6, r7, r8, r9`,
    ])
  })

  it('is told also where the base has other faults', () => {
    const { issues } = load(
      commit(
        file(WEB_PATH, WEB.replace('kind:', 'kind: Release\nkind:')),
        file(OVERLAY, 'metadata: { name: api }\n'),
      ),
    )
    expect(issues.map((line) => line.split(' ')[0])).toEqual([`${OVERLAY}:1:19`, `${WEB_PATH}:3:1`])
  })

  it('is of the first document of its name where there are two', () => {
    const twice = `${WEB}---\n${WEB}`
    const { issues } = load(
      commit(file(WEB_PATH, twice), file(OVERLAY, 'metadata: { name: web }\nspec: { engine: CodeDeploy }\n')),
    )
    expect(issues.filter((line) => line.includes('engine'))).toHaveLength(1)
  })
})

describe('a release with a fault in any of its files', () => {
  const overlay = (text: string): SourceFile => file('deploy/overlays/demo/web.yaml', text)

  it.each<readonly [what: string, files: readonly SourceFile[]]>([
    ['its own', [file(WEB_PATH, `${WEB}---\n{}\n`)]],
    ['its overlay', [overlay('spec: {}\n---\nmetadata: { name: api }\n')]],
    ['its task definition', [file(TASK_PATH, TASK_DEFINITION.replace('{', '{ "a": 1, "a": 2,'))]],
  ])('is left out: %s', (_what, files) => {
    const { issues, releases } = load(commit(...files))
    expect(issues).not.toEqual([])
    expect(releases).toEqual([])
  })

  it('is left out alone', () => {
    const api = WEB.replaceAll('web-', 'api-')
      .replace('name: web', 'name: api')
      .replace('tag: v1', 'container: web, tag: v1')
    const { releases } = load(
      commit(file('deploy/releases/api.yaml', api), file(WEB_PATH, 'kind: Release\n')),
    )
    expect(releases.map(({ release }) => release.metadata.name)).toEqual(['api'])
  })
})
