import { describe, expect, it } from 'vitest'
import { findClaims } from '../../controller/core/claims.ts'
import type { Claimant } from '../../controller/core/claims.ts'
import { validateRelease } from '../../controller/resources/validate.ts'
import { releaseDocument } from '../resources/documents.ts'

const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012'

describe('findClaims', () => {
  it('finds nothing between releases that keep apart', () => {
    expect(findClaims([claimant('web', 80), claimant('api', 90)])).toEqual([])
    expect(
      findClaims([claimant('web', 80), { ...claimant('web', 80), environment: 'prod', account: '2' }]),
    ).toEqual([])
    expect(
      findClaims([claimant('web', 80), { ...claimant('web', 80), environment: 'prod', region: 'eu-west-2' }]),
    ).toEqual([])
  })

  it('tells both releases of one rule', () => {
    const conflicts = findClaims([claimant('web', 80), claimant('api', 80, { test: { port: 99 } }, 'prod')])
    expect(conflicts.map(describeConflict)).toEqual([
      'demo/web /spec/traffic/rule: the rule is also claimed by prod/api; expected each to belong to one release',
      'prod/api /spec/traffic/rule: the rule is also claimed by demo/web; expected each to belong to one release',
    ])
  })

  it('is a problem with a value, of a code that programs know', () => {
    const [conflict] = findClaims([claimant('web', 80), claimant('api', 80, { test: { port: 99 } })])
    expect(conflict?.problem).toMatchObject({ code: 'ClaimedTwice', at: 'value' })
  })

  it('tells rules by ARN apart, and from those by port', () => {
    const arn = (id: number) => ({ ruleArn: `${ARN}:listener-rule/app/demo/1/2/${id}` })
    const web = claimant('web', 0, { rule: undefined, rules: [arn(3)], test: undefined })
    const api = claimant('api', 0, { rule: undefined, rules: [arn(4)], test: undefined })
    expect(findClaims([web, api, claimant('cron', 80)])).toEqual([])
  })

  it('finds nothing between releases without traffic', () => {
    const rolling = { traffic: undefined, strategy: { type: 'Rolling' } }
    expect(findClaims([claimantOf('web', rolling), claimantOf('api', rolling)])).toEqual([])
  })

  it('names the target group', () => {
    const shared = {
      test: { port: 99 },
      targetGroups: { blue: `${ARN}:targetgroup/web-blue/1`, green: 'other' },
    }
    expect(findClaims([claimant('web', 80), claimant('api', 90, shared)]).map(describeConflict)).toEqual([
      'demo/web /spec/traffic/targetGroups/blue: the target group web-blue is also claimed by demo/api; expected each to belong to one release',
      'demo/api /spec/traffic/targetGroups/blue: the target group web-blue is also claimed by demo/web; expected each to belong to one release',
    ])
  })

  it('names the schedule, and tells those of two groups apart', () => {
    const claims = (spec: object) => ({ traffic: undefined, strategy: { type: 'Rolling' }, ...spec })
    const shop = { schedules: [{ name: 'nightly', group: 'shop' }] }
    const web = claimantOf('web', claims({ schedules: [{ name: 'nightly' }] }))
    expect(findClaims([web, claimantOf('api', claims(shop))])).toEqual([])
    const jobs = claimantOf('jobs', claims({ schedules: [{ name: 'hourly' }, { name: 'nightly' }] }))
    expect(findClaims([web, jobs]).map(describeConflict)).toEqual([
      'demo/web /spec/schedules/0: the schedule nightly is also claimed by demo/jobs; expected each to belong to one release',
      'demo/jobs /spec/schedules/1: the schedule nightly is also claimed by demo/web; expected each to belong to one release',
    ])
  })

  it('tells the same release in two environments of one account', () => {
    const paths = findClaims([claimant('web', 80), claimant('web', 80, {}, 'prod')])
      .filter(({ environment }) => environment === 'prod')
      .map(({ problem }) => problem.path)
    expect(paths).toEqual([
      '/spec/service',
      '/spec/service',
      '/spec/traffic/rule',
      '/spec/traffic/test',
      '/spec/traffic/targetGroups/blue',
      '/spec/traffic/targetGroups/green',
    ])
  })

  it('knows a target group and a load balancer by name and by ARN', () => {
    const byArn = claimant('api', 80, {
      test: { port: 99 },
      loadBalancer: `${ARN}:loadbalancer/app/demo/1`,
      targetGroups: { blue: `${ARN}:targetgroup/web-green/1`, green: 'other' },
    })
    const paths = findClaims([claimant('web', 80), byArn]).map(
      ({ release, problem }) => `${release} ${problem.path}`,
    )
    expect(paths).toEqual([
      'web /spec/traffic/rule',
      'api /spec/traffic/rule',
      'web /spec/traffic/targetGroups/green',
      'api /spec/traffic/targetGroups/blue',
    ])
  })

  it("knows a production rule that is another's test rule, and rules by ARN", () => {
    expect(findClaims([claimant('web', 80), claimant('api', 8080)]).length).toBe(0)
    const test = claimant('api', 90, { test: { port: 80 } })
    expect(findClaims([claimant('web', 80), test]).map(({ problem }) => problem.path)).toEqual([
      '/spec/traffic/rule',
      '/spec/traffic/test',
    ])
    const rules = { rule: undefined, rules: [{ ruleArn: `${ARN}:listener-rule/app/demo/1/2/3` }] }
    expect(
      findClaims([claimant('web', 80, rules), claimant('api', 90, rules)]).map(({ problem }) => problem.path),
    ).toEqual(['/spec/traffic/rules/0', '/spec/traffic/rules/0'])
  })

  it('tells hosts apart, but not by their case', () => {
    const host = (name: string) => ({ rule: { port: 443, host: name } })
    expect(findClaims([claimant('web', 80, host('a.com')), claimant('api', 90, host('b.com'))])).toEqual([])
    expect(findClaims([claimant('web', 80, host('a.com')), claimant('api', 90, host('A.com'))])).toHaveLength(
      2,
    )
  })

  it('finds names that meet in the store', () => {
    const one = { ...claimant('eu-web', 80), environment: 'prod' }
    const other = { ...claimant('web', 90), environment: 'prod-eu' }
    expect(findClaims([one, other]).map(describeConflict)).toEqual([
      'prod/eu-web /metadata/name: the name prod-eu-web is also claimed by prod-eu/web; expected each to belong to one release',
      'prod-eu/web /metadata/name: the name prod-eu-web is also claimed by prod/eu-web; expected each to belong to one release',
    ])
  })

  it('finds given service names that are derived elsewhere, also without traffic', () => {
    const api = claimantOf('api', {
      service: { cluster: 'demo', name: 'web-green' },
      traffic: undefined,
      strategy: { type: 'Rolling' },
    })
    expect(findClaims([claimant('web', 80), api]).map(describeConflict)).toEqual([
      'demo/web /spec/service: the service web-green in cluster demo is also claimed by demo/api; expected each to belong to one release',
      'demo/api /spec/service/name: the service web-green in cluster demo is also claimed by demo/web; expected each to belong to one release',
    ])
  })
})

function claimant(
  name: string,
  port: number,
  traffic: Record<string, unknown> = {},
  environment = 'demo',
): Claimant {
  const targetGroups = { blue: `${name}-blue`, green: `${name}-green` }
  const spec = {
    traffic: { loadBalancer: 'demo', rule: { port }, test: { port: port + 1 }, targetGroups, ...traffic },
  }
  return { ...claimantOf(name, spec), environment }
}

function claimantOf(name: string, spec: Record<string, unknown>): Claimant {
  const checked = validateRelease(JSON.parse(JSON.stringify(releaseDocument(spec, name))))
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  return { environment: 'demo', release: checked.value, region: 'eu-west-1', account: '123456789012' }
}

function describeConflict({ environment, release, problem }: ReturnType<typeof findClaims>[number]): string {
  return `${environment}/${release} ${problem.path}: ${problem.message}`
}
