import { describe, expect, it } from 'vitest'
import { patiently } from '../../support/machine/patience.ts'
import type { Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'
import { callSandbox } from '../../support/machine/shape.ts'
import { releaseFiles } from '../../support/machine/release-files.ts'

const elasticloadbalancing = 'elasticloadbalancing'

function filesWith(team: string | undefined): Record<string, string> {
  const tags = team === undefined ? '' : `\n    tags: [{ key: team, value: ${team} }]`
  return Object.fromEntries(
    Object.entries(releaseFiles({})).map(([path, text]) => [
      path,
      (typeof text === 'string' ? text : '').replace(/^ {2}traffic:$/m, (line) => line + tags),
    ]),
  )
}

const ask = ({ sandbox }: Machine, operation: string, input: Readonly<Record<string, unknown>>): unknown =>
  callSandbox(sandbox, { service: elasticloadbalancing, operation, input })

function groupArn(machine: Machine, name: string): string {
  const { TargetGroups } = ask(machine, 'DescribeTargetGroups', {
    Names: [name],
  }) as { TargetGroups: { TargetGroupArn: string }[] }
  return TargetGroups[0]?.TargetGroupArn ?? ''
}

/** The tag `team` of both target groups and of both listeners, whose default actions are the release's rules. */
function teams(machine: Machine): readonly (string | undefined)[] {
  const { LoadBalancers } = ask(machine, 'DescribeLoadBalancers', {}) as {
    LoadBalancers: { LoadBalancerArn: string }[]
  }
  const { Listeners } = ask(machine, 'DescribeListeners', {
    LoadBalancerArn: LoadBalancers[0]?.LoadBalancerArn,
  }) as { Listeners: { ListenerArn: string }[] }
  const arns = [
    groupArn(machine, 'web-blue'),
    groupArn(machine, 'web-green'),
    ...Listeners.map(({ ListenerArn }) => ListenerArn),
  ]
  const { TagDescriptions } = ask(machine, 'DescribeTags', { ResourceArns: arns }) as {
    TagDescriptions: { Tags: { Key: string; Value: string }[] }[]
  }
  return TagDescriptions.map(({ Tags }) => Tags.find(({ Key }) => Key === 'team')?.Value)
}

const tag = (machine: Machine, arn: string, Value: string): void =>
  machine.byHand({
    service: elasticloadbalancing,
    operation: 'AddTags',
    input: {
      ResourceArns: [arn],
      Tags: [
        { Key: 'team', Value },
        { Key: 'mine', Value: 'x' },
      ],
    },
  })

describe('tags of target groups and listeners', STORY, () => {
  it('are given without a word of drift, put back once somebody has changed them, and others stay', async (context) => {
    const machine = await startMachine(context, { spec: { sweep: { deepInterval: '1s' } } })
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(filesWith('shop')))
    await machine.untilRelease(({ trafficTags }) => trafficTags?.['team'] === 'shop')
    expect(teams(machine)).toEqual(['shop', 'shop', 'shop', 'shop'])
    expect(machine.events.filter(({ type }) => type === 'DriftFound')).toEqual([])

    tag(machine, groupArn(machine, 'web-green'), 'other')
    machine.age()
    await patiently(() => machine.events.some(({ type }) => type === 'DriftCorrected'), Boolean, {
      what: 'the correction',
      withinMs: 60_000,
    })
    expect(machine.events.find(({ type }) => type === 'DriftFound')).toMatchObject({
      path: '/targetGroups/web-green/Tags/team',
      wanted: 'shop',
      live: 'other',
      fieldClass: 'traffic',
    })
    await machine.untilRelease(({ drift }) => drift === undefined)
    expect(teams(machine)).toEqual(['shop', 'shop', 'shop', 'shop'])
    const { TagDescriptions } = ask(machine, 'DescribeTags', {
      ResourceArns: [groupArn(machine, 'web-green')],
    }) as { TagDescriptions: { Tags: unknown[] }[] }
    expect(TagDescriptions[0]?.Tags).toContainEqual({ Key: 'mine', Value: 'x' })
  })

  it('are told and left where drift is only told, and another value of git is no drift', async (context) => {
    const machine = await startMachine(context, {
      spec: { sweep: { deepInterval: '1s' }, drift: { traffic: 'Alert' } },
    })
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(filesWith('shop')))
    await machine.untilRelease(({ trafficTags }) => trafficTags?.['team'] === 'shop')
    tag(machine, groupArn(machine, 'web-blue'), 'other')
    const { drift } = await machine.untilRelease((status) => status.drift !== undefined)
    expect(drift).toMatchObject([
      {
        path: '/targetGroups/web-blue/Tags/team',
        tier: 'Deep',
        owner: 'Steersman',
        mendedBy: ['elasticloadbalancing:AddTags'],
      },
    ])
    machine.pushFiles(filesWith('store'))
    await machine.untilRelease(
      (status) => status.drift === undefined && status.trafficTags?.['team'] === 'store',
    )
    expect(teams(machine)).toEqual(['store', 'store', 'store', 'store'])
    expect(machine.events.filter(({ type }) => type === 'DriftCorrected')).toEqual([])
    machine.pushFiles(filesWith(undefined))
    await machine.untilRelease(({ trafficTags }) => trafficTags === undefined)
    expect(teams(machine)).toEqual(['store', 'store', 'store', 'store'])
  })
})
