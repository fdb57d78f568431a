import { describe, expect, it } from 'vitest'

import type { ApiClient, EnvironmentView, ReleaseView } from '../../controller/api/client.ts'
import { environmentView, listOf, releaseView, steersman } from './stage.ts'

const weight: NonNullable<NonNullable<ReleaseView['status']>['drift']>[number] = {
  path: '/rules/443/weights/web-blue',
  wanted: '0',
  live: '100',
  owner: 'Steersman',
  class: 'traffic',
  since: '2026-11-21T11:58:00Z',
  tier: 'Fast',
  observedAt: '2026-11-21T11:59:00Z',
  lastApplied: '0',
  mendedBy: ['elasticloadbalancing:ModifyRule'],
  by: { user: 'alice', event: 'ModifyRule', eventId: 'e-1', at: '2026-11-21T11:57:00Z' },
}

const infrastructure: NonNullable<EnvironmentView['status']>['infrastructure'] = {
  drift: [
    {
      address: 'aws_lb_target_group.web',
      attribute: 'deregistration_delay',
      live: '"300"',
      state: '"30"',
    },
  ],
}

function clientWith({
  environment = environmentView(),
  release = releaseView(),
}: { environment?: EnvironmentView; release?: ReleaseView } = {}): Partial<ApiClient> {
  return {
    environments: () => Promise.resolve(listOf('Environment', [environment])),
    environment: (name) =>
      name === 'prod' ? Promise.resolve(environment) : Promise.reject(new Error(`no environment ${name}`)),
    releases: () => Promise.resolve(listOf('Release', [release])),
  }
}

describe('drift', () => {
  it('says that there is none', async () => {
    expect(await steersman(['drift'], { client: clientWith() })).toEqual({
      code: 0,
      out: 'no drift in 1 release\n',
      err: '',
    })
  })

  it('tells each field: wanted, live, owner and since when, of Terraform too', async () => {
    const client = clientWith({
      environment: environmentView({ infrastructure }),
      release: releaseView({
        drift: [weight, { path: '/service/tags/team', live: '"b"', class: 'unmanaged' }],
      }),
    })
    const { code, out } = await steersman(['drift', 'prod'], { client })
    expect(code).toBe(2)
    expect(out).toMatchInlineSnapshot(`
      "WHERE      PATH                                           WANTED   LIVE    OWNER       CLASS            TIER   SEEN   SINCE   BY
      prod       aws_lb_target_group.web.deregistration_delay   "30"     "300"   Terraform   infrastructure   -      -      -       -
      prod/web   /rules/443/weights/web-blue                    0        100     Steersman   traffic          Fast   60s    2m      alice (ModifyRule)
      prod/web   /service/tags/team                             -        "b"     -           unmanaged        -      -      -       -

      \`steersman diff ENVIRONMENT/RELEASE\` shows what would put it back; spec.drift of the Environment says whether that is done
      "
    `)
  })

  it('prints the fields as one object', async () => {
    const client = clientWith({ release: releaseView({ drift: [weight] }) })
    const { code, out, err } = await steersman(['drift', '-o', 'json'], { client })
    expect(JSON.parse(out)).toEqual([{ environment: 'prod', release: 'web', ...weight }])
    expect({ code, err }).toEqual({ code: 2, err: '' })
  })

  it('tells of what no Release names where somebody asks for that, and why it may not be all', async () => {
    const unmanaged: NonNullable<EnvironmentView['status']>['unmanaged'] = {
      observedAt: '2026-11-21T11:59:00Z',
      total: 3,
      items: [{ kind: 'Service', name: 'legacy', in: 'shop', since: '2026-11-21T11:58:00Z' }],
      problem: 'ecs:ListServices is not allowed',
    }
    const client = clientWith({ environment: environmentView({ unmanaged }) })
    expect(await steersman(['drift', 'prod'], { client })).toMatchObject({ code: 0 })
    expect(await steersman(['drift', 'prod', '--unmanaged'], { client })).toMatchInlineSnapshot(`
      {
        "code": 2,
        "err": "prod: not all could be seen: ecs:ListServices is not allowed
      prod: 2 more are not listed
      ",
        "out": "WHERE   PATH                     WANTED   LIVE   OWNER       CLASS       TIER   SEEN   SINCE   BY
      prod    Service legacy in shop   -        -      Unmanaged   unmanaged   Deep   60s    2m      -

      What no Release names is never changed. \`steersman adopt CLUSTER SERVICE\` says how a service comes under a Release, with its rule and target group.
      Leave it as it is, and it stays listed; drift.unmanaged: Ignore in the Environment looks for nothing of the kind any more.
      ",
      }
    `)
    const unseen = clientWith()
    expect(await steersman(['drift', '--unmanaged'], { client: unseen })).toMatchObject({
      code: 0,
      err: 'prod: nobody has looked yet for what no Release names\n',
    })
  })

  it('hints at what would put drift back only where there is some, beside what no Release names', async () => {
    const unmanaged = {
      observedAt: '2026-11-21T11:59:00Z',
      total: 1,
      items: [{ kind: 'TargetGroup' as const, name: 'old', in: 'shop' }],
    }
    const client = clientWith({
      environment: environmentView({ unmanaged }),
      release: releaseView({ drift: [weight] }),
    })
    const both = await steersman(['drift', '--unmanaged'], { client })
    expect(both.out.match(/^(?:`steersman diff|What no Release|Leave it as it is)/gm)).toEqual([
      '`steersman diff',
      'What no Release',
      'Leave it as it is',
    ])
    const one = await steersman(['drift'], { client })
    expect(one.out).not.toContain('What no Release names')
  })

  it('ends with 1 where the environment is unknown', async () => {
    expect(await steersman(['drift', 'nowhere'], { client: clientWith() })).toMatchObject({
      code: 1,
      out: '',
      err: 'error: no environment nowhere\n',
    })
  })
})
