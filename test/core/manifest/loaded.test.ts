import { describe, expect, it } from 'vitest'
import {
  formatIssue,
  loadManifests,
  releaseIssue,
  substituteRelease,
  taskDefinitionIssue,
} from '../../../controller/core/manifest.ts'
import { validateEnvironment } from '../../../controller/resources/validate.ts'
import { environmentDocument } from '../../resources/documents.ts'
import { TASK_DEFINITION, WEB, commit, file, load } from './files.ts'

const WEB_PATH = 'deploy/releases/web.yaml'
const TASK_PATH = 'deploy/taskdefs/web.json'

describe('required gates', () => {
  const required = (gate: Record<string, unknown>) => {
    const checked = validateEnvironment(environmentDocument({ requiredGates: [gate] }))
    if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
    return checked.value.spec.requiredGates
  }
  const own = `${WEB}  gates: [{ name: smoke, http: { path: / } }]\n`

  it("follow the release's own", () => {
    const { releases } = load(commit(file(WEB_PATH, own)), required({ name: 'alive', http: { path: '/' } }))
    expect(releases[0]?.release.spec.gates.map(({ name }) => name)).toEqual(['smoke', 'alive'])
  })

  it('can not be replaced by a gate of the same name', () => {
    const { issues } = load(commit(file(WEB_PATH, own)), required({ name: 'smoke', http: { path: '/' } }))
    expect(issues).toEqual([
      `${WEB_PATH}:13:19 /spec/gates/0/name: the environment requires a gate called smoke; expected another name`,
    ])
  })

  it('need the test listener, as own gates do', () => {
    const { issues } = load(
      commit(file(WEB_PATH, own.replace('    test: { port: 8081 }\n', ''))),
      required({ name: 'alive', http: { path: '/' } }),
    )
    expect(issues).toEqual([
      `${WEB_PATH}:9:5 /spec/traffic: the environment's gate alive asks the idle side; expected test, the listener that reaches it`,
      `${WEB_PATH}:12:11 /spec/gates/0: the gate smoke asks the idle side; expected traffic.test, the listener that reaches it`,
    ])
  })
})

describe('fields that are left to others', () => {
  const loaded = (own: string, ignore: readonly string[]) => {
    const files = commit(file(WEB_PATH, `${WEB}${own}`))
    const { releases, issues } = loadManifests({
      files,
      path: 'deploy',
      environment: 'demo',
      requiredGates: [],
      ignore,
    })
    expect(issues).toEqual([])
    return releases[0]?.release.spec
  }

  it("are the release's and those of its environment", () => {
    const spec = loaded('  ignore: [/service/tags/team]\n', ['/rules/*/Actions'])
    expect(spec?.ignore).toEqual(['/service/tags/team', '/rules/*/Actions'])
    expect(loaded('', [])).not.toHaveProperty('ignore')
  })

  it('are pointers below a part of the live state', () => {
    const { issues } = load(commit(file(WEB_PATH, `${WEB}  ignore: [/service, tags, /else/where]\n`)))
    expect(issues.map((issue) => /\/spec\/ignore\/\d/.exec(issue)?.[0])).toEqual([
      '/spec/ignore/0',
      '/spec/ignore/1',
      '/spec/ignore/2',
    ])
  })
})

describe('substituteRelease', () => {
  const values = {
    commit: 'abc',
    imageTag: 'v9',
    environment: 'demo',
    region: 'eu-west-1',
    account: '123456789012',
  }

  it('puts values into the release and its task definition, and leaves what it was given', () => {
    const text = WEB.replace('cluster: demo', 'cluster: "shop-${environment}"').replace(
      'tag: v1',
      'tag: "${commit}"',
    )
    const command = '"name": "web", "command": ["${imageTag} $${HOME} $$${x} $x"]'
    const task = TASK_DEFINITION.replace('"name": "web"', () => command)
    const [loaded] = load(commit(file(WEB_PATH, text), file(TASK_PATH, task))).releases
    if (!loaded) throw new Error('nothing was loaded')
    const before = structuredClone(loaded)
    const { release, taskDefinitionDocument } = substituteRelease(loaded, values)
    expect(release.spec.service.cluster).toBe('shop-demo')
    expect(release.spec.image?.tag).toBe('abc')
    expect(taskDefinitionDocument).toMatchObject({
      containerDefinitions: [{ command: ['v9 ${HOME} $${x} $x'] }],
    })
    expect(loaded).toEqual(before)
  })

  it('finds the file of the environment', () => {
    const text = WEB.replace('taskdefs/web.json', '"taskdefs/${environment}.json"')
    const { issues } = load(commit(file(WEB_PATH, text), file('deploy/taskdefs/demo.json', TASK_DEFINITION)))
    expect(issues).toEqual([])
  })

  it('refuses the tag where the image has none', () => {
    const text = `${WEB.replace('tag: v1', `digest: "sha256:${'a'.repeat(64)}"`)}  gates: [{ name: a, http: { path: /, expect: { body: "\${imageTag}" } } }]\n`
    expect(load(commit(file(WEB_PATH, text))).issues).toEqual([
      expect.stringContaining("${imageTag} can't stand here: the release has no image with a tag"),
    ])
  })
})

describe('placeholders', () => {
  it.each(['commit', 'imageTag', 'environment', 'region', 'account'])(
    'count as a value while a release is checked: %s',
    (name) => {
      const text = WEB.replace('cluster: demo', `cluster: "\${${name}}"`)
      const { issues, releases } = load(commit(file(WEB_PATH, text)))
      expect(issues).toEqual([])
      expect(releases[0]?.release.spec.service.cluster).toBe(`\${${name}}`)
    },
  )
})

describe('another kind', () => {
  it('is told by up to eighty characters of a kind', () => {
    const { issues } = load(commit(file(WEB_PATH, `kind: ${'k'.repeat(99)}\n`)))
    expect(issues[0]).toContain(`/kind: "${'k'.repeat(79)} is not read from here`)
  })
})

describe('later checks', () => {
  const problem = { path: '/family', message: 'x; y', code: 'C', at: 'value' } as const
  const inline = `{ inline: { family: demo-web, containerDefinitions: ${JSON.stringify([{ name: 'web', portMappings: [{ containerPort: 1 }] }])} } }`

  it('find the position of what they are about, in the release and in its task definition', () => {
    const family = TASK_DEFINITION.replace('{', '{ "family": "demo-web",')
    const [fromFile] = load(commit(file(TASK_PATH, family))).releases
    const [written] = load(
      commit(file(WEB_PATH, WEB.replace('{ file: taskdefs/web.json }', inline))),
    ).releases
    if (!fromFile || !written) throw new Error('nothing was loaded')
    const { taskDefinitionPlace: _place, ...withoutPlace } = fromFile
    expect(formatIssue(taskDefinitionIssue(fromFile, problem))).toBe(`${TASK_PATH}:1:13 /family: x; y`)
    expect(formatIssue(taskDefinitionIssue(written, problem))).toBe(
      `${WEB_PATH}:6:39 /spec/taskDefinition/inline/family: x; y`,
    )
    expect(formatIssue(taskDefinitionIssue(withoutPlace, problem))).toBe(
      `${WEB_PATH}:6:19 /spec/taskDefinition: x; y`,
    )
    expect(formatIssue(releaseIssue(fromFile, { ...problem, path: '/spec/service/cluster' }))).toBe(
      `${WEB_PATH}:7:23 /spec/service/cluster: x; y`,
    )
  })

  it('bear a release without a spec', () => {
    expect(load(commit(file(WEB_PATH, WEB.slice(0, WEB.indexOf('spec:'))))).issues).toEqual([
      `${WEB_PATH}:1:1: the field "spec" is missing; expected an object with fields`,
    ])
  })
})

describe('formatIssue', () => {
  it('leaves an empty path out', () => {
    expect(formatIssue({ file: 'a', line: 1, column: 2, path: '', message: 'x; y', code: 'C' })).toBe(
      'a:1:2: x; y',
    )
  })
})
