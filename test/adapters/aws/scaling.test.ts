import { describe, expect, it } from 'vitest'
import { awsOver } from './fake-aws.ts'

const web = { cluster: 'shop', name: 'web-blue' }
const api = { cluster: 'shop', name: 'api-blue' }
const dimension = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' }
const target = (SuspendedState: object | undefined) => ({
  ...dimension,
  ResourceId: 'service/shop/web-blue',
  MinCapacity: 2,
  MaxCapacity: 10,
  SuspendedState,
})
const switches = (scaleIn: boolean, scaleOut: boolean, scheduled: boolean) => ({
  DynamicScalingInSuspended: scaleIn,
  DynamicScalingOutSuspended: scaleOut,
  ScheduledScalingSuspended: scheduled,
})

describe('scalable targets', () => {
  it('are asked for together, and a service without one has none', async () => {
    const { aws, of } = awsOver({
      DescribeScalableTargets: () => ({
        result: { ScalableTargets: [target(switches(true, false, false))] },
      }),
    })
    const [mine, others] = await Promise.all([aws.platform.scaling([web, api]), aws.platform.scaling([api])])
    expect(mine).toEqual([{ minimum: 2, maximum: 10, suspended: 'ScaleIn' }, null])
    expect(others).toEqual([null])
    expect(of('DescribeScalableTargets')).toEqual([
      { ...dimension, ResourceIds: ['service/shop/web-blue', 'service/shop/api-blue'], MaxResults: 50 },
    ])
  })

  it.each([
    ['None', undefined],
    ['None', switches(false, false, false)],
    ['ScaleIn', switches(true, false, false)],
    ['All', switches(true, true, true)],
    ['Other', switches(false, true, false)],
    ['Other', switches(true, true, false)],
    ['Other', switches(false, true, true)],
    ['Other', switches(false, false, true)],
  ])('have suspended %s: %j', async (suspended, state) => {
    const { aws } = awsOver({
      DescribeScalableTargets: () => ({ result: { ScalableTargets: [target(state)] } }),
    })
    expect(await aws.platform.scaling([web])).toMatchObject([{ suspended }])
  })

  it.each([{ ScalableTargets: 'x' }, { ScalableTargets: [{ ...target(undefined), MinCapacity: 'two' }] }])(
    'are not taken out of %j',
    async (result) => {
      const { aws } = awsOver({ DescribeScalableTargets: () => ({ result }) }, { random: { next: () => 0 } })
      await expect(aws.platform.scaling([web])).rejects.toMatchObject({ code: 'UnreadableAnswer' })
    },
  )

  it.each([
    ['None', switches(false, false, false)],
    ['ScaleIn', switches(true, false, false)],
    ['All', switches(true, true, true)],
  ] as const)('are changed as a whole, suspended %s', async (suspended, state) => {
    const { aws, of } = awsOver({ RegisterScalableTarget: () => ({ result: {} }) })
    await aws.platform.setScaling({ service: web, minimum: 2, maximum: 10, suspended })
    expect(of('RegisterScalableTarget')).toEqual([target(state)])
  })

  it('that another change is made to are tried again, and may have been changed', async () => {
    const { aws } = awsOver({
      RegisterScalableTarget: () => ({ error: 'ConcurrentUpdateException', message: 'later', status: 400 }),
    })
    const asked = aws.platform.setScaling({ service: web, minimum: 0, maximum: 0, suspended: 'All' })
    await expect(asked).rejects.toMatchObject({ code: 'AwsUnavailable', handling: 'retry', ambiguous: true })
  })
})
