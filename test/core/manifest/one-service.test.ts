import { describe, expect, it } from 'vitest'

import { checkOneService } from '../../../controller/core/manifest/one-service.ts'
import { loadManifests } from '../../../controller/core/manifest.ts'
import type { DefaultedGate, DefaultedRelease } from '../../../controller/resources/types.ts'
import { workerFiles } from '../../support/machine/worker-files.ts'

const alarms = { name: 'queue', alarms: ['dlq'], failureLimit: 0, timeout: '1m' } as unknown as DefaultedGate
const http = { ...alarms, name: 'smoke', alarms: undefined, http: { path: '/' } } as unknown as DefaultedGate

const release = (
  type: 'Rolling' | 'BlueGreen',
  gates: readonly DefaultedGate[],
  name?: string,
): DefaultedRelease =>
  ({
    metadata: { name: 'mailer' },
    spec: { gates, strategy: { type }, service: { cluster: 'c', ...(name === undefined ? {} : { name }) } },
  }) as unknown as DefaultedRelease

const said = (of: DefaultedRelease, required: readonly DefaultedGate[] = []): readonly string[] =>
  checkOneService(of, required).map(({ path, message }) => `${path} ${message}`)

/** Issues of a rolling release whose document was changed. */
function issuesOf(change: (text: string) => string): readonly string[] {
  const path = 'deploy/releases/web.yaml'
  const files = Object.entries(workerFiles({ version: 'v1' })).map(([name, text]) => {
    const written = name === path ? change(text) : text
    return { path: name, mode: 'file' as const, size: written.length, text: written, validUtf8: true }
  })
  const { issues } = loadManifests({
    files,
    path: 'deploy',
    environment: 'prod',
    requiredGates: [],
  })
  return issues.map(({ message }) => message)
}

describe('a release of one service', () => {
  it.each(['BeforeProvision', 'Bake', 'AfterSuccess'] as const)('may ask at %s', (when) => {
    expect(said(release('Rolling', [{ ...alarms, when }]))).toEqual([])
  })

  it.each(['Verify', 'BeforeShift', 'Shift'] as const)('has nothing to ask at %s', (when) => {
    expect(said(release('Rolling', [{ ...alarms, when }]))).toEqual([
      `/spec/gates/0/when the gate queue is asked at ${when}, which a rolling release does not have: its new version works as soon as it starts; expected when: BeforeProvision, Bake, AfterSuccess, BeforeRollback`,
    ])
  })

  it('is not reached by http', () => {
    expect(said(release('Rolling', [{ ...http, when: 'Bake' }]))[0]).toContain(
      '/spec/gates/0/http the gate smoke asks through a load balancer',
    )
  })

  it('never passes over a gate that the environment requires', () => {
    expect(said(release('Rolling', []), [{ ...alarms, when: 'Verify' }])[0]).toContain(
      "/spec/strategy/type the environment's gate queue is asked at Verify",
    )
  })

  it('alone has a name of its service', () => {
    expect(said(release('Rolling', [], 'mail'))).toEqual([])
    expect(said(release('BlueGreen', [], 'mail'))).toEqual([
      '/spec/service/name a pair has two services; expected service.names, strategy type Rolling, or an engine of AWS’s own',
    ])
  })

  it('is right as people write it', () => {
    expect(issuesOf((text) => text)).toEqual([])
  })

  it.each([
    [
      '  traffic: { loadBalancer: l, rule: { port: 80 }, targetGroups: { blue: b, green: g } }',
      'served by no load balancer',
    ],
    ['  pin: null', undefined],
  ])('with %s', (line, expected) => {
    const issues = issuesOf((text) => `${text}${line}\n`)
    expect(issues.some((message) => message.includes(expected ?? ''))).toBe(expected !== undefined)
  })

  it('has no names of a pair', () => {
    const issues = issuesOf((text) =>
      text.replace('cluster: demo', 'cluster: demo\n    names: { blue: a, green: b }'),
    )
    expect(issues.join()).toContain('a rolling release has one service')
  })
})
