import { describe, expect, it } from 'vitest'
import { checkConsistency, productionRules, ruleKey } from '../../../controller/core/manifest/consistency.ts'
import type { DefaultedGate, DefaultedRelease, TrafficRule } from '../../../controller/resources/types.ts'
import { smokeGate } from '../../support/release-fixtures.ts'

interface Given {
  readonly gates?: readonly DefaultedGate[]
  readonly required?: readonly DefaultedGate[]
  /** Null: the release has no traffic. */
  readonly test?: TrafficRule | null
  /** Whether the traffic moves in steps. */
  readonly isStepped?: true
}

const STEPS = { type: 'Canary', steps: [{ weight: 50, for: '10s' }] }

function release({ gates = [], test, isStepped }: Given): DefaultedRelease {
  const traffic = { loadBalancer: 'l', rule: { port: 80 }, targetGroups: { blue: 'b', green: 'g' } }
  const spec = {
    service: { cluster: 'c' },
    gates: [...gates],
    strategy: { bake: '1m', deadline: '2m', ...(isStepped === true ? STEPS : {}) },
    ...(test === null ? {} : { traffic: test === undefined ? traffic : { ...traffic, test } }),
  }
  return { metadata: { name: 'web' }, spec } as unknown as DefaultedRelease
}

/** Where something is wrong. */
const paths = (given: Given): readonly string[] =>
  checkConsistency({ release: release(given), environment: 'prod', requiredGates: given.required ?? [] }).map(
    ({ path, at }) => `${path} ${at}`,
  )

const GATE_STAGES = [
  'BeforeProvision',
  'Verify',
  'BeforeShift',
  'Shift',
  'Bake',
  'AfterSuccess',
  'BeforeRollback',
] as const
const { http: _http, ...withoutHttp } = smokeGate
const manual = { ...withoutHttp, when: 'Verify' } as DefaultedGate
const baking: DefaultedGate = { ...smokeGate, when: 'Bake' }

describe('schedules', () => {
  it('stand there once each, by group and name', () => {
    const plain = release({})
    const nightly = { name: 'nightly', group: 'default' }
    const schedules = [nightly, { ...nightly, group: 'shop' }, nightly]
    const twice = { ...plain, spec: { ...plain.spec, schedules } }
    const problems = checkConsistency({ release: twice, environment: 'prod', requiredGates: [] })
    expect(problems).toEqual([
      {
        path: '/spec/schedules/2',
        message: 'the schedule default/nightly stands here a second time; expected each schedule once',
        code: 'InvalidValue',
        at: 'value',
      },
    ])
  })
})

describe('a gate that asks the idle side', () => {
  it.each<readonly [what: string, given: Given, expected: readonly string[]]>([
    ['is wrong without a test rule', { gates: [smokeGate] }, ['/spec/gates/0 value']],
    ['is wrong without any traffic', { gates: [smokeGate], test: null }, ['/spec/gates/0 value']],
    ['is wrong, required or not', { required: [smokeGate] }, ['/spec/traffic value']],
    ['is right with a test rule', { gates: [smokeGate], test: { port: 81 } }, []],
    ['is none where it asks in another stage', { gates: [baking], required: [{ ...baking, name: 'b' }] }, []],
    ['is none where it asks over no HTTP', { gates: [manual] }, []],
    ['is judged each by itself', { gates: [baking, smokeGate, manual] }, ['/spec/gates/1 value']],
  ])('%s', (_what, given, expected) => {
    expect(paths(given)).toEqual(expected)
  })
})

describe('a gate at a stage', () => {
  const at = (when: DefaultedGate['when'], kind: object): DefaultedGate =>
    ({ ...withoutHttp, ...kind, when }) as DefaultedGate
  const http = { http: smokeGate.http }

  it.each<readonly [kind: string, asks: object, stages: readonly string[]]>([
    ['http', http, ['Verify', 'BeforeShift', 'Shift', 'Bake', 'AfterSuccess']],
    ['manual', { manual: {} }, ['BeforeProvision', 'BeforeShift', 'Bake', 'AfterSuccess', 'BeforeRollback']],
  ])('of kind %s is an Issue where it has nobody to ask', (kind, asks, stages) => {
    const every = [...GATE_STAGES].map((when) => at(when, asks))
    const problems = checkConsistency({
      release: release({ gates: every, test: { port: 81 }, isStepped: true }),
      environment: 'prod',
      requiredGates: [],
    })
    const others = GATE_STAGES.filter((stage) => !stages.includes(stage))
    expect(problems.map(({ message }) => message)).toEqual(
      others.map(
        (stage) => `a gate that asks ${kind} can't run at ${stage}; expected one of ${stages.join(', ')}`,
      ),
    )
  })

  it.each(['Verify', 'BeforeShift'] as const)('of the idle side at %s needs the test listener', (when) => {
    expect(paths({ gates: [at(when, http)] })).toEqual(['/spec/gates/0 value'])
  })

  it.each([...GATE_STAGES])(
    'that the environment requires at %s can be neither replaced nor loosened',
    (when) => {
      const required = at(when, http)
      for (const change of [{ dryRun: true }, { onFailure: 'Ignore' as const }, { when: 'Bake' as const }])
        expect(
          paths({ gates: [{ ...required, ...change }], required: [required], test: { port: 81 } }),
        ).toContain('/spec/gates/0/name value')
    },
  )
})

describe('production rules', () => {
  it('are those listed, the single one, or none', () => {
    const one = release({})
    const rules = [{ port: 1 }, { port: 2 }]
    const listed = {
      ...one,
      spec: { ...one.spec, traffic: { ...one.spec.traffic, rules } },
    } as DefaultedRelease
    expect(productionRules(listed)).toEqual(rules)
    expect(productionRules(one)).toEqual([{ port: 80 }])
    expect(productionRules(release({ test: null }))).toEqual([])
  })

  it.each<readonly [what: string, one: TrafficRule, other: TrafficRule, same: boolean]>([
    ['a port', { port: 80 }, { port: 80 }, true],
    ['another port', { port: 80 }, { port: 81 }, false],
    ['a host in another case', { port: 80, host: 'a.b' }, { port: 80, host: 'A.b' }, true],
    ['a host and none', { port: 80, host: 'a.b' }, { port: 80 }, false],
    ['a path in another case', { port: 80, path: '/a' }, { port: 80, path: '/A' }, false],
    ['a host and a path of the same text', { port: 80, host: '/a' }, { port: 80, path: '/a' }, false],
    ['two ARNs', { ruleArn: 'a' }, { ruleArn: 'b' }, false],
    ['one ARN', { ruleArn: 'a' }, { ruleArn: 'a' }, true],
  ])('are the same or not by their key: %s', (_what, one, other, same) => {
    expect(ruleKey(one) === ruleKey(other)).toBe(same)
  })
})
