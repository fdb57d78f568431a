import fc from 'fast-check'
import { expect, test } from 'vitest'
import { behind, ecsWorld } from '../support/ecs-world.ts'

const situation = fc.record({
  desired: fc.integer({ min: 1, max: 6 }),
  minimumHealthyPercent: fc.integer({ min: 0, max: 99 }),
  maximumPercent: fc.integer({ min: 101, max: 200 }),
  startSeconds: fc.integer({ min: 0, max: 8 }),
  healthyAfterSeconds: fc.integer({ min: 0, max: 4 }),
  lookEveryMs: fc.integer({ min: 130, max: 900 }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
})

test('a healthy rollout keeps within its percentages at every moment, and ends', () => {
  fc.assert(
    fc.property(situation, (given) => {
      const { desired, minimumHealthyPercent, maximumPercent, lookEveryMs } = given
      const minimum = Math.ceil((desired * minimumHealthyPercent) / 100)
      const maximum = Math.floor((desired * maximumPercent) / 100)
      fc.pre(maximum > desired || minimum < desired)
      const aws = ecsWorld({}, given.seed)
      const group = aws.targetGroup('web')
      const deploymentConfiguration = { minimumHealthyPercent, maximumPercent }
      const taskDefinition = aws.define('web:v1')
      aws.service('web', { taskDefinition, desiredCount: desired, deploymentConfiguration, ...behind(group) })
      aws.clock.advance(30_000)
      expect(aws.see('web')).toMatchObject({ runningCount: desired })
      const { startSeconds, healthyAfterSeconds } = given
      aws.images.set('web:v2', { startSeconds, healthyAfterSeconds })
      aws.ecs('UpdateService', { cluster: 'demo', service: 'web', taskDefinition: aws.define('web:v2') })
      for (let look = 0; look < 400_000 / lookEveryMs; look += 1) {
        aws.clock.advance(lookEveryMs)
        const wanted = aws.tasks('web').filter((task) => task['desiredStatus'] === 'RUNNING')
        expect(wanted.length).toBeLessThanOrEqual(maximum)
        const health = aws.elb('DescribeTargetHealth', { TargetGroupArn: group })
        const targets = health['TargetHealthDescriptions'] as { TargetHealth: { State: string } }[]
        const healthy = targets.filter((target) => target.TargetHealth.State === 'healthy')
        expect(healthy.length).toBeGreaterThanOrEqual(minimum)
        if (aws.see('web').deployments[0]?.['rolloutState'] === 'COMPLETED') break
      }
      expect(aws.see('web').deployments).toMatchObject([{ rolloutState: 'COMPLETED', runningCount: desired }])
    }),
    { numRuns: 25 },
  )
})

test('the same seed gives the same ids, addresses and events', () => {
  const run = (): unknown => {
    const aws = ecsWorld({}, 7)
    const taskDefinition = aws.define('web:v1')
    aws.service('web', { taskDefinition, desiredCount: 3, ...behind(aws.targetGroup('web')) })
    aws.clock.advance(30_000)
    return JSON.parse(JSON.stringify([aws.see('web'), aws.tasks('web'), aws.world.dump()]))
  }
  expect(run()).toEqual(run())
})
