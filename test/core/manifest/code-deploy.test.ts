import { describe, expect, it } from 'vitest'

import { checkCodeDeploy } from '../../../controller/core/manifest/code-deploy.ts'
import { loadManifests } from '../../../controller/core/manifest.ts'
import type { DefaultedGate, DefaultedRelease } from '../../../controller/resources/types.ts'
import { codeDeployFiles } from '../../support/machine/code-deploy.ts'

const alarms = { name: 'errors', alarms: ['errors'], when: 'Verify' } as unknown as DefaultedGate
const shift = { ...alarms, name: 'watch', when: 'Shift' } as DefaultedGate
const sides = {
  ...alarms,
  name: 'latency',
  alarms: undefined,
  cloudwatch: { namespace: 'AWS/ApplicationELB', dimensions: { TargetGroup: '${targetGroup}' } },
} as unknown as DefaultedGate

const release = (spec: object): DefaultedRelease =>
  ({
    metadata: { name: 'web' },
    spec: {
      engine: 'CodeDeploy',
      gates: [],
      strategy: { type: 'BlueGreen' },
      service: { cluster: 'demo' },
      ...spec,
    },
  }) as unknown as DefaultedRelease

const said = (of: DefaultedRelease, required: readonly DefaultedGate[] = []): readonly string[] =>
  checkCodeDeploy(of, required).map(({ path, message }) => `${path} ${message}`)

/** Issues of a release whose document was changed. */
function issuesOf(change: (text: string) => string = (text) => text): readonly string[] {
  const files = Object.entries(codeDeployFiles({ version: 'v1' })).map(([path, text]) => {
    const written = path.endsWith('.yaml') ? change(text) : text
    return { path, mode: 'file' as const, size: written.length, text: written, validUtf8: true }
  })
  const { issues } = loadManifests({ files, path: 'deploy', environment: 'prod', requiredGates: [] })
  return issues.map(({ message }) => message)
}

describe('a release whose engine is CodeDeploy', () => {
  it('is read', () => {
    expect(issuesOf()).toEqual([])
  })

  it('needs its application and its deployment group, and only it has them', () => {
    expect(issuesOf((text) => text.replace(/ {2}codeDeploy.*\n/, ''))).toEqual([
      expect.stringContaining('expected engine CodeDeploy with codeDeploy'),
    ])
    expect(issuesOf((text) => text.replace('engine: CodeDeploy', 'engine: TargetGroupSwap'))).toEqual([
      expect.stringContaining('expected engine CodeDeploy with codeDeploy'),
    ])
  })

  it('asks for nothing of other engines', () => {
    const strategy = { type: 'Linear', by: 50, every: '1m' }
    expect(said(release({ engine: 'TargetGroupSwap', strategy, gates: [shift, sides] }), [shift])).toEqual([])
  })

  it('moves its traffic as one of CodeDeploy’s configurations does', () => {
    expect(said(release({ strategy: { type: 'Canary', steps: [{ weight: 10, for: '5m' }] } }))).toEqual([])
    expect(said(release({ strategy: { type: 'Linear', by: 50, every: '1m' } }))).toEqual([
      expect.stringContaining('/spec/strategy CodeDeploy moves the traffic by its own configurations only'),
    ])
  })

  it('has no settings that CodeDeploy brings to no task', () => {
    const settings = { enableExecuteCommand: true, platformVersion: '1.4.0' }
    expect(said(release({ service: { cluster: 'demo', settings } }))).toEqual([
      expect.stringContaining('/spec/service/settings/enableExecuteCommand no deployment of CodeDeploy'),
    ])
  })

  it('is asked nothing while the traffic moves, and about no side', () => {
    expect(said(release({ gates: [alarms, shift, sides] }))).toEqual([
      expect.stringContaining('/spec/gates/1 the gate watch is asked at Shift'),
      expect.stringContaining('/spec/gates/2 the gate latency names a side'),
    ])
    expect(said(release({}), [alarms, shift])).toEqual([
      expect.stringContaining("/spec/engine the environment's gate watch is asked at Shift"),
    ])
  })
})
