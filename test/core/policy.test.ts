import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesGlob } from '../../controller/core/glob.ts'
import {
  checkReleaseAllowed,
  checkRuleHostsAllowed,
  checkTaskDefinitionAllowed,
} from '../../controller/core/policy.ts'
import type { Policy } from '../../controller/core/policy.ts'
import type { DefaultedRelease } from '../../controller/resources/types.ts'
import { validateRelease } from '../../controller/resources/validate.ts'
import { releaseDocument } from '../resources/documents.ts'
import { propertyRuns } from '../support/property-runs.ts'

const HOOK = 'arn:aws:lambda:eu-central-1:123456789012:function:hook'
const ANY = ['*']
const ROLE = 'arn:aws:iam::123456789012:role/shop-web'
const SECRET = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db'

describe('checkReleaseAllowed', () => {
  const traffic = (rule: Record<string, unknown>, loadBalancer = 'demo') => ({
    loadBalancer,
    rule,
    targetGroups: { blue: 'a', green: 'b' },
  })
  const gates = [
    { name: 'a', prometheus: { server: 'http://prometheus:9090', query: 'x', max: 1 } },
    { name: 'b', webhook: { url: 'https://audit.internal/x' } },
    { name: 'c', http: { path: '/' } },
  ]

  it.each<[string, Record<string, unknown>, Policy, string[]]>([
    ['no block', {}, { allow: undefined }, []],
    ['an empty block', {}, { allow: {} }, ['/spec/service/cluster', '/spec/traffic/loadBalancer']],
    ['stars', {}, { allow: { clusters: ANY, loadBalancers: ANY } }, []],
    [
      'another cluster',
      {},
      { allow: { clusters: ['shop-*'], loadBalancers: ANY } },
      ['/spec/service/cluster'],
    ],
    [
      'the load balancer of an ARN',
      {
        traffic: traffic({ port: 80 }, 'arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/demo/123'),
      },
      { allow: { clusters: ANY, loadBalancers: ['demo'] } },
      [],
    ],
    [
      'a host',
      { traffic: traffic({ port: 80, host: 'A.example.com' }) },
      { allow: { clusters: ANY, loadBalancers: ANY, hosts: ['*.example.com'] } },
      [],
    ],
    [
      'another host',
      { traffic: traffic({ port: 80, host: 'a.example.org' }) },
      { allow: { clusters: ANY, loadBalancers: ANY, hosts: ['*.example.com'] } },
      ['/spec/traffic/rule/host'],
    ],
    [
      'a host where none is listed',
      { traffic: traffic({ port: 80, host: 'a.example.org' }) },
      { allow: { clusters: ANY, loadBalancers: ANY } },
      ['/spec/traffic/rule/host'],
    ],
    [
      'every host where some are listed',
      {},
      { allow: { clusters: ANY, loadBalancers: ANY, hosts: ['*.example.com'] } },
      ['/spec/traffic/rule'],
    ],
    [
      'a rule by ARN, whose hosts are known later',
      {
        traffic: traffic({
          ruleArn: 'arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/demo/1/2/3',
        }),
      },
      { allow: { clusters: ANY, loadBalancers: ANY, hosts: [] } },
      [],
    ],
    [
      'one of several rules',
      {
        traffic: {
          ...traffic({ port: 80 }),
          rule: undefined,
          rules: [
            { port: 80, host: 'a' },
            { port: 80, host: 'b' },
          ],
        },
      },
      { allow: { clusters: ANY, loadBalancers: ANY, hosts: ['a'] } },
      ['/spec/traffic/rules/1/host'],
    ],
    [
      'an image',
      { image: { repository: 'evil/web', tag: 'v1' } },
      { allow: undefined, images: { allow: ['shop/*'] } },
      ['/spec/image/repository'],
    ],
    [
      'images left out',
      { image: { repository: 'evil/web', tag: 'v1' } },
      { allow: undefined, images: {} },
      [],
    ],
    [
      'hosts of gates',
      { gates },
      { allow: { clusters: ANY, loadBalancers: ANY, gateHosts: ['prometheus'] } },
      ['/spec/gates/1/webhook/url'],
    ],
    [
      'no hosts of gates',
      { gates },
      { allow: { clusters: ANY, loadBalancers: ANY } },
      ['/spec/gates/0/prometheus/server', '/spec/gates/1/webhook/url'],
    ],
    [
      'a program of a gate',
      {
        gates: [
          { name: 'a', script: { command: ['scripts/a.sh'] } },
          { name: 'b', script: { command: ['b.sh'] } },
        ],
      },
      { allow: { clusters: ANY, loadBalancers: ANY, scripts: ['scripts/*'] } },
      ['/spec/gates/1/script/command/0'],
    ],
    [
      'a program of a gate also where nothing else is limited',
      { gates: [{ name: 'a', script: { command: ['a.sh'] } }] },
      { allow: undefined },
      ['/spec/gates/0/script/command/0'],
    ],
    [
      'no program of a gate that the Environment requires itself',
      { gates: [{ name: 'a', script: { command: ['a.sh'] } }] },
      { allow: { clusters: ANY, loadBalancers: ANY }, requiredGates: [{ name: 'a' }] },
      [],
    ],
    [
      'hosts of a gate that the Environment requires, which no field of the release names',
      { gates },
      { allow: { clusters: ANY, loadBalancers: ANY }, requiredGates: [{ name: 'b' }] },
      ['/spec/gates/0/prometheus/server', '/metadata/name'],
    ],
    [
      'a function of a gate',
      {
        gates: [
          { name: 'a', lambda: { function: HOOK } },
          { name: 'b', lambda: { function: `${HOOK}:live` } },
        ],
      },
      { allow: { clusters: ANY, loadBalancers: ANY, lambdas: [HOOK] } },
      ['/spec/gates/1/lambda/function'],
    ],
    [
      'schedules, by group and name',
      { schedules: [{ name: 'nightly' }, { name: 'nightly', group: 'shop' }] },
      { allow: { clusters: ANY, loadBalancers: ANY, schedules: ['shop/*'] } },
      ['/spec/schedules/0/name'],
    ],
    [
      'a gate address that is none',
      { gates: [{ name: 'a', webhook: { url: 'https://[' } }] },
      { allow: { clusters: ANY, loadBalancers: ANY } },
      ['/spec/gates/0/webhook/url'],
    ],
  ])('tells %s', (_, spec, policy, paths) => {
    const problems = checkReleaseAllowed({ release: releaseOf(spec), policy })
    expect(problems.map(({ path }) => path)).toEqual(paths)
  })

  it('says what would be allowed', () => {
    const policy: Policy = { allow: { clusters: ['a-*', 'b'], loadBalancers: [] } }
    expect(checkReleaseAllowed({ release: releaseOf({}), policy }).map(({ message }) => message)).toEqual([
      '"demo" is not allowed in this environment; expected one that allow.clusters names: a-*, b',
      '"demo" is not allowed in this environment; expected one that allow.loadBalancers names: none',
    ])
  })

  it('asks nothing of traffic where there is none', () => {
    const release = releaseOf({ traffic: undefined, strategy: { type: 'Rolling' } })
    expect(checkReleaseAllowed({ release, policy: { allow: { clusters: ANY } } })).toEqual([])
  })
})

describe('checkTaskDefinitionAllowed', () => {
  const everything = {
    taskRoleArn: ROLE,
    executionRoleArn: ROLE,
    networkMode: 'host',
    pidMode: 'task',
    volumes: [{ name: 'a', host: { sourcePath: '/var/run' } }, { name: 'b', host: {} }, { name: 'c' }, 'd'],
    containerDefinitions: [
      {
        name: 'web',
        image: 'shop/web:v1',
        privileged: true,
        secrets: [{ name: 'A', valueFrom: SECRET }, 'x'],
        repositoryCredentials: { credentialsParameter: SECRET },
        environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::shop/env' }],
        logConfiguration: { secretOptions: [{ name: 'B', valueFrom: 'parameter' }] },
        linuxParameters: { capabilities: { add: ['SYS_ADMIN'] }, devices: [{ hostPath: '/dev/kvm' }] },
      },
      { name: 'side', image: 'registry:5000/side@sha256:1', privileged: false },
      'text',
    ],
  }
  const all: Policy['allow'] = {
    families: ANY,
    taskRoles: ANY,
    executionRoles: ANY,
    secrets: ANY,
    privileged: true,
  }

  it('finds everything that a task definition reaches for', () => {
    const problems = checkTaskDefinitionAllowed({
      document: everything,
      family: 'demo-web',
      release: releaseOf({}),
      policy: { allow: {}, images: { allow: [] } },
    })
    expect(problems.map(({ path }) => path)).toEqual([
      '/family',
      '/taskRoleArn',
      '/executionRoleArn',
      '/networkMode',
      '/volumes/0/host/sourcePath',
      '/containerDefinitions/0/image',
      '/containerDefinitions/0/secrets/0/valueFrom',
      '/containerDefinitions/0/logConfiguration/secretOptions/0/valueFrom',
      '/containerDefinitions/0/repositoryCredentials/credentialsParameter',
      '/containerDefinitions/0/environmentFiles/0/value',
      '/containerDefinitions/0/privileged',
      '/containerDefinitions/0/linuxParameters/capabilities/add',
      '/containerDefinitions/0/linuxParameters/devices',
      '/containerDefinitions/1/image',
    ])
  })

  it.each<[string, Policy, string[]]>([
    ['stars', { allow: all }, []],
    ['no block', { allow: undefined }, []],
    ['other roles', { allow: { ...all, taskRoles: ['arn:aws:iam::*:role/other-*'] } }, ['/taskRoleArn']],
    ['roles by a star across colons and slashes', { allow: { ...all, taskRoles: ['arn:*shop-*'] } }, []],
    [
      'images with their port and digest left out',
      { allow: all, images: { allow: ['registry:5000/side', 'shop/web'] } },
      [],
    ],
    ['another family', { allow: { ...all, families: ['prod-*'] } }, ['/family']],
  ])('judges by %s', (_, policy, paths) => {
    const problems = checkTaskDefinitionAllowed({
      document: everything,
      family: 'demo-web',
      release: releaseOf({}),
      policy,
    })
    expect(problems.map(({ path }) => path)).toEqual(paths)
  })

  it('takes the family that the document names before the given one', () => {
    const input = { document: { family: 'evil' }, family: 'demo-web', release: releaseOf({}) }
    expect(
      checkTaskDefinitionAllowed({ ...input, policy: { allow: { families: ['demo-*'] } } }),
    ).toHaveLength(1)
  })

  it('does not judge the written image that the release replaces, unless a pin serves it', () => {
    const document = { containerDefinitions: [{ name: 'web', image: 'placeholder' }] }
    const policy: Policy = { allow: undefined, images: { allow: ['shop/*'] } }
    const image = { repository: 'shop/web', tag: 'v1' }
    const pin = { rollout: 3, reason: 'worse since' }
    const check = (spec: Record<string, unknown>) =>
      checkTaskDefinitionAllowed({ document, family: 'demo-web', release: releaseOf(spec), policy }).length
    expect([check({ image }), check({ image, pin }), check({})]).toEqual([0, 1, 1])
  })
})

describe('checkRuleHostsAllowed', () => {
  it.each<[readonly string[], readonly string[] | undefined, number]>([
    [['a.example.com', 'b.example.org'], ['*.example.com'], 1],
    [[], ['*.example.com'], 1],
    [[], ['*'], 0],
    [[], undefined, 0],
  ])('of %j by %j finds %i problems', (hosts, allowed, count) => {
    const policy: Policy = { allow: allowed ? { hosts: [...allowed] } : {} }
    expect(checkRuleHostsAllowed({ hosts, path: '/spec/traffic/rule', policy })).toHaveLength(count)
  })
})

describe('matchesGlob', () => {
  it.each([
    ['', '', true],
    ['*', '', true],
    ['a*', 'b', false],
    ['a*c', 'abc', true],
    ['a*c', 'abcd', false],
    ['*.dkr.ecr.*.amazonaws.com/*', '1.dkr.ecr.eu-west-1.amazonaws.com/a/b', true],
    ['a.c', 'abc', false],
    ['a', 'ab', false],
    ['ab', 'a', false],
    ['a**b*', 'a-b', true],
  ])('%j on %j is %s', (glob, text, expected) => {
    expect(matchesGlob(glob, text)).toBe(expected)
  })

  it('agrees with a regular expression', () => {
    const letters = (...from: string[]) =>
      fc.array(fc.constantFrom(...from), { maxLength: 8 }).map((each) => each.join(''))
    fc.assert(
      fc.property(letters('a', 'b', '*', '.'), letters('a', 'b', '.', '/'), (glob, text) => {
        const pattern = glob.replaceAll('.', '\\.').replaceAll(/\*+/g, '.*')
        expect(matchesGlob(glob, text)).toBe(new RegExp(`^${pattern}$`, 's').test(text))
      }),
      { numRuns: propertyRuns(1000) },
    )
  })
})

function releaseOf(spec: Record<string, unknown>): DefaultedRelease {
  const document = releaseDocument(spec)
  const checked = validateRelease(JSON.parse(JSON.stringify(document)))
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  return checked.value
}
