import { describe, expect, it } from 'vitest'

import type { LiveRule, LiveService, WantedRelease, WantedRule } from '../../controller/core/diff.ts'
import { diffRelease } from '../../controller/core/diff.ts'

const blue = 'arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web-blue/1'
const green = 'arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web-green/2'

const service: LiveService = {
  name: 'web-blue',
  status: 'ACTIVE',
  taskDefinition: 'arn:aws:ecs:eu-west-1:1:task-definition/prod-web:57',
  desiredCount: 3,
  targetGroupArns: [blue],
  settings: { launchType: 'FARGATE' },
  tags: { team: 'shop' },
}

const rule = (stickiness: LiveRule['stickiness'], actions: LiveRule['actions'] = []): LiveRule => ({
  weights: [
    { targetGroupArn: blue, weight: 100 },
    { targetGroupArn: green, weight: 0 },
  ],
  stickiness,
  actions,
})
const off = { enabled: false, durationSeconds: undefined }
const weights = rule(off).weights
const wantedRule = (more: Partial<WantedRule> = {}): WantedRule => ({ rule: { port: 80 }, weights, ...more })
const forward = '/listeners/80/DefaultActions/forward/ForwardConfig'

const lines = (wanted: WantedRelease, live: Parameters<typeof diffRelease>[1]): string[] =>
  diffRelease(wanted, live).map(
    (change) =>
      `${change.path} ${JSON.stringify(change.wanted)} ${JSON.stringify(change.live)} ${change.owner}`,
  )

describe('a release against what was seen', () => {
  it('has no change where nobody looked', () => {
    const wanted: WantedRelease = {
      service: { name: 'web-blue', desiredCount: 5 },
      idleService: { name: 'web-green' },
      taskDefinition: { family: 'prod-web' },
      rules: [wantedRule()],
      targetGroups: [{ name: 'web-blue' }],
    }
    expect(lines(wanted, {})).toEqual([])
    expect(lines({}, { service, rules: [null], taskDefinition: null })).toEqual([])
  })

  it('names what is missing, sorted by path', () => {
    const wanted: WantedRelease = {
      service: { name: 'web-blue' },
      idleService: { name: 'web-green' },
      taskDefinition: { family: 'prod-web' },
      rules: [wantedRule(), wantedRule({ rule: { port: 443, host: 'a.example.com' } })],
      targetGroups: [{ name: 'web-blue' }],
    }
    const live = {
      service: null,
      idleService: null,
      taskDefinition: null,
      rules: [null, null],
      targetGroups: [null],
    }
    expect(lines(wanted, live)).toEqual([
      '/idleService "web-green" null Steersman',
      '/listeners/80 "80" null Terraform',
      '/rules/443:a.example.com "443:a.example.com" null Terraform',
      '/service "web-blue" null Steersman',
      '/targetGroups/web-blue "web-blue" null Terraform',
      '/taskDefinition "prod-web" null Steersman',
    ])
  })

  it('has no change where all is as wanted', () => {
    const wanted: WantedRelease = {
      service: {
        name: 'web-blue',
        desiredCount: 3,
        taskDefinition: 'prod-web:57',
        targetGroupArn: blue,
        settings: { launchType: 'FARGATE', tags: [{ key: 'team', value: 'shop' }] },
      },
      rules: [wantedRule({ stickiness: { enabled: false, durationSeconds: 60 } })],
    }
    expect(lines(wanted, { service, rules: [rule(off)] })).toEqual([])
  })
})

describe('stickiness', () => {
  const on = { enabled: true, durationSeconds: 3600 }

  it.each([
    ['switched on by hand', off, on, [`${forward}/TargetGroupStickinessConfig/Enabled false true Steersman`]],
    [
      'made longer by hand',
      { enabled: true, durationSeconds: 60 },
      on,
      [`${forward}/TargetGroupStickinessConfig/DurationSeconds 60 3600 Steersman`],
    ],
    ['of any length', { enabled: true, durationSeconds: undefined }, on, []],
    ['as wanted', on, on, []],
    ['that the release does not name', undefined, on, []],
  ])('%s', (_, wanted, live, expected) => {
    expect(lines({ rules: [wantedRule({ stickiness: wanted })] }, { rules: [rule(live)] })).toEqual(expected)
  })
})

describe('other actions of a rule', () => {
  const login = {
    Type: 'authenticate-oidc',
    Order: 1,
    AuthenticateOidcConfig: { Issuer: 'https://a', ClientId: 'b' },
  }
  const described = {
    ...login,
    AuthenticateOidcConfig: {
      ...login.AuthenticateOidcConfig,
      Scope: 'openid',
      SessionTimeout: 604_800,
      SessionCookieName: 'AWSELBAuthSessionCookie',
      OnUnauthenticatedRequest: 'authenticate',
    },
  }

  it('do not differ by what the load balancer fills in', () => {
    expect(lines({ rules: [wantedRule({ actions: [login] })] }, { rules: [rule(off, [described])] })).toEqual(
      [],
    )
  })

  it('differ where they were edited or taken away', () => {
    const edited = {
      ...described,
      AuthenticateOidcConfig: { ...described.AuthenticateOidcConfig, ClientId: 'c' },
    }
    const wanted = { rules: [wantedRule({ actions: [login] })] }
    const base = '/listeners/80/DefaultActions/authenticate-oidc'
    expect(lines(wanted, { rules: [rule(off, [edited])] })).toEqual([
      `${base}/AuthenticateOidcConfig/ClientId "b" "c" Steersman`,
    ])
    expect(diffRelease(wanted, { rules: [rule(off)] }).map(({ path }) => path)).toEqual([
      '/listeners/80/DefaultActions',
    ])
  })
})

describe('a target group', () => {
  const wanted: WantedRelease = {
    targetGroups: [
      {
        name: 'web-blue',
        settings: { Port: 8080, Matcher: { HttpCode: '200' } },
        attributes: { 'deregistration_delay.timeout_seconds': '30', 'stickiness.enabled': 'false' },
      },
    ],
  }
  const group = { arn: blue, name: 'web-blue' }

  it('is not judged by what was not read', () => {
    expect(lines(wanted, { targetGroups: [group] })).toEqual([])
  })

  it('does not differ by what the load balancer fills in', () => {
    const settings = { Port: 8080, Protocol: 'HTTP', HealthCheckPath: '/healthz' }
    const attributes = { 'deregistration_delay.timeout_seconds': '30', 'slow_start.duration_seconds': '60' }
    expect(lines(wanted, { targetGroups: [{ ...group, settings, attributes }] })).toEqual([])
  })

  it('differs in what was changed by hand', () => {
    const settings = { Port: 9090, Matcher: { HttpCode: '200-499' } }
    const attributes = { 'deregistration_delay.timeout_seconds': '300' }
    const escaped = blue.replaceAll('/', '~1')
    expect(lines(wanted, { targetGroups: [{ ...group, settings, attributes }] })).toEqual([
      `/targetGroupAttributes/${escaped}/deregistration_delay.timeout_seconds "30" "300" Terraform`,
      '/targetGroups/web-blue/Matcher/HttpCode "200" "200-499" Terraform',
      '/targetGroups/web-blue/Port 8080 9090 Terraform',
    ])
  })
})
