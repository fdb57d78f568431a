import { describe, expect, it } from 'vitest'
import { nameByOutputs } from '../../../controller/core/infrastructure/release-names.ts'
import type { LoadedRelease } from '../../../controller/core/manifest.ts'
import { findOutputReferences, withReferences } from '../../../controller/core/manifest/output-references.ts'
import { WEB, commit, file, load } from './files.ts'

const PATH = 'deploy/releases/web.yaml'
const NAMED = WEB.replace('cluster: demo', 'cluster: { terraform: cluster }').replace(
  /targetGroups: .*/,
  'targetGroups: { blue: { terraform: tg_blue }, green: { terraform: tg_green } }',
)

function loaded(text = NAMED): LoadedRelease {
  const { releases, issues } = load(commit(file(PATH, text)))
  const [release] = releases
  if (release === undefined) throw new Error(issues.join('\n'))
  return release
}

describe('names from Terraform outputs', () => {
  it('are read with stand-ins, each output with its own', () => {
    const { release, outputReferences } = loaded()
    expect(outputReferences).toEqual([
      { path: '/spec/service/cluster', output: 'cluster' },
      { path: '/spec/traffic/targetGroups/blue', output: 'tg_blue' },
      { path: '/spec/traffic/targetGroups/green', output: 'tg_green' },
    ])
    const { blue, green } = release.spec.traffic?.targetGroups ?? {}
    expect(blue).not.toBe(green)
    expect(withReferences(release, outputReferences).spec).toMatchObject({
      service: { cluster: { terraform: 'cluster' } },
      traffic: { targetGroups: { blue: { terraform: 'tg_blue' }, green: { terraform: 'tg_green' } } },
    })
  })

  it.each([
    ['/spec/service/cluster', { service: { cluster: { terraform: 'a' } } }],
    ['/spec/service/names/green', { service: { names: { blue: 'web', green: { terraform: 'a' } } } }],
    ['/spec/traffic/loadBalancer', { traffic: { loadBalancer: { terraform: 'a' } } }],
    ['/spec/traffic/rule/ruleArn', { traffic: { rule: { ruleArn: { terraform: 'a' } } } }],
    ['/spec/traffic/rules/1/ruleArn', { traffic: { rules: [{ port: 1 }, { ruleArn: { terraform: 'a' } }] } }],
    ['/spec/traffic/test/ruleArn', { traffic: { test: { ruleArn: { terraform: 'a' } } } }],
  ])('may stand at %s', (path, spec) => {
    expect(findOutputReferences({ spec })).toEqual([{ path, output: 'a' }])
  })

  it.each([
    ['another key beside it', '{ terraform: cluster, region: eu }'],
    ['no name of an output', '{ terraform: "two words" }'],
    ['a number', '{ terraform: 5 }'],
  ])('with %s are refused by the schema', (_what, reference) => {
    const { releases, issues } = load(
      commit(file(PATH, WEB.replace('cluster: demo', `cluster: ${reference}`))),
    )
    expect(releases).toEqual([])
    expect(issues[0]).toContain('/spec/service/cluster')
  })

  it('come and go with an overlay', () => {
    const overlay = (cluster: string) =>
      file('deploy/overlays/demo/web.yaml', `spec: { service: { cluster: ${cluster} } }\n`)
    const [named] = load(commit(overlay('{ terraform: c }'))).releases
    expect(named?.outputReferences).toEqual([{ path: '/spec/service/cluster', output: 'c' }])
    const [plain] = load(commit(file(PATH, NAMED), overlay('real'))).releases
    expect(plain?.outputReferences.map(({ output }) => output)).toEqual(['tg_blue', 'tg_green'])
    expect(plain?.release.spec.service.cluster).toBe('real')
  })

  it('may not be the same output for both sides', () => {
    const { issues } = load(commit(file(PATH, NAMED.replace('tg_green', 'tg_blue'))))
    expect(issues).toEqual([expect.stringContaining('the two sides need different target groups') as string])
  })
})

describe('nameByOutputs', () => {
  const outputs = { cluster: 'shop', tg_blue: 'web-b', tg_green: 'web-g' }

  it('puts the outputs in', () => {
    const named = nameByOutputs(loaded(), outputs as never, 'demo')
    expect(named).toMatchObject({
      kind: 'Named',
      loaded: {
        outputReferences: [],
        release: {
          spec: {
            service: { cluster: 'shop' },
            traffic: { targetGroups: { blue: 'web-b', green: 'web-g' } },
          },
        },
      },
    })
  })

  it.each([
    ['is missing', { ...outputs, cluster: undefined }, 'OutputMissing', 'has no output cluster'],
    ['is no text', { ...outputs, cluster: ['shop'] }, 'OutputInvalid', 'output cluster is no text'],
    [
      'is no name',
      { ...outputs, tg_blue: 'web b' },
      'OutputInvalid',
      'the Terraform output tg_blue: /spec/traffic/targetGroups/blue: ',
    ],
    [
      'names what another side has',
      { ...outputs, tg_green: 'web-b' },
      'OutputInvalid',
      'the two sides need different target groups',
    ],
  ])('says so where an output %s', (_what, given, reason, message) => {
    expect(nameByOutputs(loaded(), given as never, 'demo')).toMatchObject({
      kind: 'Stalled',
      reason,
      message: expect.stringContaining(message) as string,
    })
  })
})
