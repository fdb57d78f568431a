import { describe, expect, it } from 'vitest'

import { loadManifests } from '../../../controller/core/manifest.ts'
import { nativeFiles } from '../../support/machine/native-files.ts'
import type { DefaultedGate } from '../../../controller/resources/types.ts'

/** Issues of a release of ECS's own engine whose document was changed. */
function issuesOf(
  change: (text: string) => string,
  requiredGates: readonly DefaultedGate[] = [],
): readonly string[] {
  const path = 'deploy/releases/web.yaml'
  const files = Object.entries(nativeFiles({ version: 'v1', gates: '[]' })).map(([name, text]) => {
    const written = name === path ? change(text) : text
    return { path: name, mode: 'file' as const, size: written.length, text: written, validUtf8: true }
  })
  const { issues } = loadManifests({ files, path: 'deploy', environment: 'prod', requiredGates })
  return issues.map((issue) => `${issue.path} ${issue.message}`)
}

const replaced = (from: string | RegExp, to: string) => issuesOf((text) => text.replace(from, to))
const pace = (yaml: string) => replaced('type: BlueGreen', yaml)
const gates = (yaml: string) => replaced('gates: []', `gates: [${yaml}]`)

describe('a release whose traffic ECS moves', () => {
  it('is a release of one service with a role', () => {
    expect(issuesOf((text) => text)).toEqual([])
    expect(replaced('cluster: demo', 'cluster: demo\n    name: shop')).toEqual([])
    expect(replaced(/ {2}engineRoleArn: .*\n/, '').join()).toContain('expected engineRoleArn')
    expect(replaced('cluster: demo', 'cluster: demo\n    names: { blue: a, green: b }').join()).toContain(
      'moves the traffic within one service',
    )
  })

  it.each([
    [
      'rules',
      'rule: { port: 80, path: "/*" }',
      'rules: [{ port: 80, path: "/a" }, { port: 80, path: "/b" }]',
      'one production rule',
    ],
    [
      'the default action',
      'rule: { port: 80, path: "/*" }',
      'rule: { port: 80 }',
      'expected host, path or ruleArn',
    ],
    [
      'the same in a list',
      'rule: { port: 80, path: "/*" }',
      'rules: [{ port: 80 }]',
      'expected host, path or ruleArn',
    ],
    ['the test listener', 'test: { port: 8081, path: "/*" }', 'test: { port: 8081 }', '/spec/traffic/test'],
    ['a deadline', 'deadline: 2m', 'deadline: 25h', 'ECS ends a pause after 24 hours'],
  ])('names %s that ECS can be given', (_what, from, to, said) => {
    expect(replaced(from, to).join()).toContain(said)
  })

  it('takes a list of one rule', () => {
    expect(replaced('rule: { port: 80, path: "/*" }', 'rules: [{ port: 80, path: "/*" }]')).toEqual([])
  })

  it('moves in one step of a canary, or in equal ones, of whole minutes', () => {
    expect(pace('type: Canary, steps: [{ weight: 10, for: 1m }]')).toEqual([])
    expect(pace('type: Canary, steps: [{ weight: 10, for: 5s }, { weight: 50, for: 5s }]').join()).toContain(
      "ECS's canary has one step, and here are 2",
    )
    expect(pace('type: Canary, steps: [{ weight: 10, for: 5s }]').join()).toContain('not 5s')
    expect(pace('type: Linear, by: 50, every: 1m')).toEqual([])
    expect(pace('type: Linear, by: 50, every: 30s').join()).toContain('/spec/strategy/every')
    expect(pace('type: Linear, by: 2, every: 0s').join()).toContain("ECS's steps are 3 %")
  })

  it('asks its gates where ECS waits', () => {
    expect(gates('{ name: a, when: Shift, alarms: [x] }').join()).toContain('ECS asks nobody there')
    expect(gates('{ name: a, when: BeforeShift, manual: {}, timeout: 24h }').join()).toContain(
      'would outlast the pause',
    )
    expect(gates('{ name: a, when: BeforeShift, manual: {}, timeout: 23h }')).toEqual([])
    expect(gates('{ name: a, when: BeforeProvision, manual: {}, timeout: 48h }')).toEqual([])
    const metric = (dimension: string) =>
      gates(
        `{ name: a, when: Bake, cloudwatch: { namespace: x, metric: y, statistic: Sum, period: 1m, max: 1, dimensions: { D: "\${${dimension}}" } } }`,
      )
    expect(metric('targetGroup').join()).toContain('names the target group')
    expect(metric('service')).toEqual([])
  })

  it('passes over no gate that the environment requires', () => {
    const required = {
      name: 'errors',
      when: 'Shift',
      alarms: ['x'],
      timeout: '1m',
    } as unknown as DefaultedGate
    expect(issuesOf((text) => text, [required]).join()).toContain(
      "/spec/engine the environment's gate errors",
    )
  })
})
