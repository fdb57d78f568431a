import { expect, it } from 'vitest'
import { ecsWorld } from '../support/ecs-world.ts'

it.each([
  ['its own deployments', undefined],
  ['task sets', { type: 'EXTERNAL' }],
])('ECS tries again to place tasks of a service with %s, until there is room', (_, deploymentController) => {
  const aws = ecsWorld()
  const taskDefinition = aws.define('web:v1', { requiresCompatibilities: ['EC2'] })
  const external = deploymentController !== undefined
  const own = external ? { deploymentController } : { taskDefinition, launchType: 'EC2' }
  aws.ecs('CreateService', {
    cluster: 'demo',
    serviceName: 'web',
    desiredCount: 2,
    ...own,
    ...(external ? {} : { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } } }),
  })
  if (external)
    aws.ecs('CreateTaskSet', {
      cluster: 'demo',
      service: 'web',
      taskDefinition,
      launchType: 'EC2',
      scale: { value: 100, unit: 'PERCENT' },
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
    })
  aws.clock.advance(20_000)
  expect(aws.told('web').filter((text) => text.includes('unable to place a task')).length).toBeGreaterThan(1)
  aws.ecs('RegisterContainerInstance', { cluster: 'demo' })
  aws.clock.advance(40_000)
  expect(aws.tasks('web').map((task) => task['lastStatus'])).toEqual(['RUNNING', 'RUNNING'])
})
