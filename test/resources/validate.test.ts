import { describe, expect, it } from 'vitest'
import { validateRelease } from '../../controller/resources/validate.ts'
import { problemsOf, releaseDocument } from './documents.ts'

describe('validateRelease', () => {
  it('fills in the defaults of a minimal release', () => {
    const checked = validateRelease(releaseDocument())
    expect(checked).toMatchObject({
      ok: true,
      value: {
        spec: {
          engine: 'TargetGroupSwap',
          gates: [],
          strategy: {
            type: 'BlueGreen',
            bake: '5m',
            keepPrevious: '30m',
            deadline: '30m',
            supersede: 'BeforeShift',
          },
        },
      },
    })
  })

  it('leaves the document that it was given as it was', () => {
    const document = releaseDocument({ pin: null })
    validateRelease(document)
    expect(document).toEqual(releaseDocument({ pin: null }))
  })

  it('takes a null pin as no pin', () => {
    const checked = validateRelease(releaseDocument({ pin: null }))
    expect(checked.ok && 'pin' in checked.value.spec).toBe(false)
  })

  it('gives an http gate its defaults', () => {
    const checked = validateRelease(releaseDocument({ gates: [{ name: 'smoke', http: { path: '/' } }] }))
    expect(checked.ok && checked.value.spec.gates).toEqual([
      {
        name: 'smoke',
        http: {
          path: '/',
          method: 'GET',
          expect: { status: 200 },
          successes: 1,
          interval: '2s',
          requestTimeout: '5s',
        },
        timeout: '5m',
        failureLimit: 0,
        onFailure: 'Rollback',
        dryRun: false,
      },
    ])
  })

  const gate = { name: 'smoke', http: { path: '/' } }
  const traffic = { loadBalancer: 'demo', targetGroups: { blue: 'web-blue', green: 'web-green' } }
  it.each<[string, Record<string, unknown>, string, string]>([
    [
      'an unknown field near a known one',
      { taskDefinitoin: {} },
      '/spec/taskDefinitoin',
      'the field "taskDefinitoin" is unknown; expected "taskDefinition", or nothing',
    ],
    [
      'a field far from any other',
      { service: { cluster: 'demo', zzzzz: 1 } },
      '/spec/service/zzzzz',
      'the field "zzzzz" is unknown; expected one of cluster, name, names, desiredCount, scalingPolicies, settings',
    ],
    [
      'a number for a text',
      { service: { cluster: 5 } },
      '/spec/service/cluster',
      'the number 5 stands here; expected a text',
    ],
    [
      'a truth value for a text',
      { service: { cluster: true } },
      '/spec/service/cluster',
      'the value true stands here; expected a text',
    ],
    [
      'a text for a number',
      { service: { cluster: 'demo', desiredCount: '3' } },
      '/spec/service/desiredCount',
      'the text "3" stands here; expected a whole number',
    ],
    [
      'a list for an object',
      { service: [] },
      '/spec/service',
      'a list stands here; expected an object with fields',
    ],
    [
      'an object for a list',
      { gates: {} },
      '/spec/gates',
      'an object with fields stands here; expected a list',
    ],
    [
      'nothing for an object',
      { service: null },
      '/spec/service',
      'nothing stands here; expected an object with fields',
    ],
    ['a missing field', { service: {} }, '/spec/service', 'the field "cluster" is missing; expected a text'],
    [
      'a misspelt value',
      { strategy: { type: 'bluegreen' } },
      '/spec/strategy/type',
      '"bluegreen" is not one of the values; expected "BlueGreen"',
    ],
    [
      'a value that is none of them',
      { engine: 'Magic' },
      '/spec/engine',
      '"Magic" is not one of the values; expected one of TargetGroupSwap, Native, CodeDeploy',
    ],
    [
      'a bad duration',
      { strategy: { bake: '5 min' } },
      '/spec/strategy/bake',
      '"5 min" has the wrong form; expected a duration such as 500ms, 30s or 1h30m',
    ],
    [
      'a metric by the second',
      {
        gates: [
          {
            name: 'p99',
            cloudwatch: { namespace: 'A', metric: 'b', statistic: 'p99', max: 1, period: '10s' },
          },
        ],
      },
      '/spec/gates/0/cloudwatch/period',
      'the period of a metric is too short; expected at least 1m',
    ],
    [
      'another check than alarms that is red already',
      { gates: [{ ...gate, alreadyRed: 'Ignore' }] },
      '/spec/gates/0',
      'only alarms can be red already; expected alreadyRed beside alarms alone',
    ],
    [
      'a bad gate name',
      { gates: [{ ...gate, name: 'Smoke!' }] },
      '/spec/gates/0/name',
      '"Smoke!" has the wrong form; expected small letters, digits and hyphens',
    ],
    [
      'a negative count',
      { service: { cluster: 'demo', desiredCount: -1 } },
      '/spec/service/desiredCount',
      '-1 is too small; expected at least 0',
    ],
    [
      'a huge count',
      { service: { cluster: 'demo', desiredCount: 5001 } },
      '/spec/service/desiredCount',
      '5001 is too large; expected at most 5000',
    ],
    [
      'an empty text',
      { pin: { rollout: 1, reason: '' } },
      '/spec/pin/reason',
      'the text is empty; expected some text',
    ],
    [
      'a long text',
      { pin: { rollout: 1, reason: 'x'.repeat(1025) } },
      '/spec/pin/reason',
      'the text has 1025 characters; expected at most 1024',
    ],
    [
      'an empty list of rules',
      { traffic: { ...traffic, rules: [] } },
      '/spec/traffic/rules',
      'the list has 0 items; expected at least 1',
    ],
    [
      'too many gates',
      { gates: Array.from({ length: 21 }, (_, index) => ({ ...gate, name: `g${index}` })) },
      '/spec/gates',
      'the list has 21 items; expected at most 20',
    ],
    [
      'too many headers',
      {
        gates: [
          {
            name: 'smoke',
            http: {
              path: '/',
              headers: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`h${index}`, ''])),
            },
          },
        ],
      },
      '/spec/gates/0/http/headers',
      'there are 21 fields here; expected at most 20',
    ],
    [
      'a gate without a check',
      { gates: [{ name: 'smoke' }] },
      '/spec/gates/0',
      'a gate asks exactly one thing; expected one of http, warming, task, lambda, script, cloudwatch, prometheus, manual, webhook, alarms',
    ],
    [
      'a gate that asks too often',
      { gates: [{ name: 'smoke', http: { path: '/', interval: '5ms' } }] },
      '/spec/gates/0/http/interval',
      'the interval of a gate is too short; expected at least 100ms',
    ],
    [
      'two gates of one name',
      { gates: [gate, gate] },
      '/spec/gates/1/name',
      'the name "smoke" is already taken by item 1; expected a name of its own',
    ],
    [
      'a rule by ARN and port',
      {
        traffic: {
          ...traffic,
          rule: {
            port: 80,
            ruleArn: 'arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/demo/1/2/3',
          },
        },
      },
      '/spec/traffic/rule',
      'a rule is named in one way; expected either ruleArn or port',
    ],
    [
      'one target group for both sides',
      { traffic: { ...traffic, rule: { port: 80 }, targetGroups: { blue: 'web', green: 'web' } } },
      '/spec/traffic/targetGroups',
      'the two sides need different target groups; expected blue and green to differ',
    ],
    [
      'a tag key of ours',
      { service: { cluster: 'demo', settings: { tags: [{ key: 'steersman.dev/x' }] } } },
      '/spec/service/settings/tags/0',
      'tag keys with this prefix are taken; expected a key outside of `steersman.dev/` and `aws:`',
    ],
    [
      'a forbidden setting',
      { service: { cluster: 'demo', settings: { serviceRegistries: [] } } },
      '/spec/service/settings/serviceRegistries',
      'the field "serviceRegistries" is not taken here: Cloud Map would send calls to both sides; expected the load balancer alone',
    ],
    [
      'a strategy of ECS',
      { service: { cluster: 'demo', settings: { deploymentConfiguration: { strategy: 'BLUE_GREEN' } } } },
      '/spec/service/settings/deploymentConfiguration/strategy',
      'the field "strategy" is not taken here: Steersman moves the traffic, ECS does not; expected spec.strategy',
    ],
    [
      'a task definition out of the repository',
      { taskDefinition: { file: 'a/../../b.json' } },
      '/spec/taskDefinition/file',
      "the path leaves the repository; expected a file below the environment's source.path",
    ],
    [
      'two sources of a task definition',
      { taskDefinition: { file: 'a.json', inline: {} } },
      '/spec/taskDefinition',
      'a task definition comes from one place; expected exactly one of terraform, file and inline',
    ],
    [
      'a load balancer of the network kind',
      {
        traffic: {
          ...traffic,
          rule: { port: 80 },
          loadBalancer: 'arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/net/a/b',
        },
      },
      '/spec/traffic/loadBalancer',
      expect.stringContaining('has the wrong form') as string,
    ],
  ])('tells %s', (_, spec, path, message) => {
    expect(problemsOf(validateRelease(releaseDocument(spec)))).toContainEqual(
      expect.objectContaining({ path, message }),
    )
  })

  it('tells everything at once, and at most a hundred things', () => {
    const unknown = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`zz${index}`, index]))
    expect(problemsOf(validateRelease(releaseDocument(unknown)))).toHaveLength(100)
  })

  it('points at the key of an unknown field and at the value of a wrong one', () => {
    const problems = problemsOf(validateRelease(releaseDocument({ zz: 1, engine: 'Magic' })))
    expect(problems.map(({ path, at, code }) => `${path} ${at} ${code}`)).toEqual([
      '/spec/zz key UnknownField',
      '/spec/engine value InvalidValue',
    ])
  })

  it('does not blame a rule where a misspelt field has already been told', () => {
    const problems = problemsOf(validateRelease(releaseDocument({ gates: [{ name: 'a', htpp: {} }] })))
    expect(problems.map(({ path }) => path)).toEqual(['/spec/gates/0/htpp'])
  })

  it('refuses a status, and metadata that only a store writes', () => {
    const document = { ...releaseDocument(), status: {}, metadata: { name: 'web', uid: 'x' } }
    expect(problemsOf(validateRelease(document)).map(({ path }) => path)).toEqual([
      '/status',
      '/metadata/uid',
    ])
  })

  it.each([[null], [undefined], [[]], ['text'], [4]])('refuses %j as a document', (document) => {
    expect(problemsOf(validateRelease(document)).map(({ code }) => code)).toEqual(['WrongType'])
  })
})
