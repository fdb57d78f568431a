import { describe, expect, it } from 'vitest'

import { configurationFor } from '../../controller/core/code-deploy.ts'
import { renderAppSpec } from '../../controller/core/rollout/code-deploy/app-spec.ts'
import { shiftSteps } from '../../controller/core/rollout/shift-steps.ts'
import { assertSafe } from '../../controller/core/rollout/invariants.ts'
import type { ServiceSettings } from '../../controller/resources/types.ts'
import { seen } from './rollout/code-deploy.ts'

const container = { containerName: 'web', containerPort: 8080 }

describe('a deployment of CodeDeploy', () => {
  it('says by its AppSpec which revision takes the requests', () => {
    const appSpec = JSON.parse(
      renderAppSpec({ taskDefinition: 'arn:web:2', container, settings: undefined }),
    ) as unknown
    expect(appSpec).toEqual({
      version: 0,
      Resources: [
        {
          TargetService: {
            Type: 'AWS::ECS::Service',
            Properties: {
              TaskDefinition: 'arn:web:2',
              LoadBalancerInfo: { ContainerName: 'web', ContainerPort: 8080 },
            },
          },
        },
      ],
    })
  })

  it('brings the settings that ECS takes from CodeDeploy only, by the names of an AppSpec', () => {
    const settings = {
      networkConfiguration: { awsvpcConfiguration: { subnets: ['a'], assignPublicIp: 'DISABLED' } },
      platformVersion: '1.4.0',
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
      healthCheckGracePeriodSeconds: 30,
    } as unknown as ServiceSettings
    const text = renderAppSpec({ taskDefinition: 'arn:web:2', container, settings })
    expect(JSON.parse(text)).toMatchObject({
      Resources: [
        {
          TargetService: {
            Properties: {
              NetworkConfiguration: {
                AwsvpcConfiguration: { Subnets: ['a'], AssignPublicIp: 'DISABLED' },
              },
              PlatformVersion: '1.4.0',
              CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }],
            },
          },
        },
      ],
    })
    expect(text).not.toContain('GracePeriod')
  })

  it.each([
    [{ type: 'BlueGreen' }, 'CodeDeployDefault.ECSAllAtOnce'],
    [{ type: 'Canary', steps: [{ weight: 10, for: '5m' }] }, 'CodeDeployDefault.ECSCanary10Percent5Minutes'],
    [
      { type: 'Canary', steps: [{ weight: 10, for: '15m' }] },
      'CodeDeployDefault.ECSCanary10Percent15Minutes',
    ],
    [{ type: 'Linear', by: 10, every: '1m' }, 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes'],
    [{ type: 'Linear', by: 10, every: '3m' }, 'CodeDeployDefault.ECSLinear10PercentEvery3Minutes'],
    [{ type: 'Linear', by: 10, every: '2m' }, undefined],
    [{ type: 'Linear', by: 20, every: '1m' }, undefined],
    [{ type: 'Canary', steps: [{ weight: 20, for: '5m' }] }, undefined],
    [
      {
        type: 'Canary',
        steps: [
          { weight: 10, for: '5m' },
          { weight: 50, for: '5m' },
        ],
      },
      undefined,
    ],
  ] as const)('moves the traffic of %j by %s', (strategy, name) => {
    expect(configurationFor(shiftSteps(strategy as never))).toBe(name)
  })

  it('of steps that are held for different times is none of AWS’s', () => {
    const steps = Array.from({ length: 10 }, (_, index) => ({
      weightPercent: 10 * (index + 1),
      holdMs: index === 9 ? 0 : index === 4 ? 1 : 60_000,
    }))
    expect(configurationFor(steps)).toBeUndefined()
    expect(configurationFor([])).toBeUndefined()
  })

  it('is begun for what a rollout brings or goes back to only', () => {
    const start = (taskDefinition: string) => () =>
      assertSafe(
        { kind: 'StartCodeDeploy', way: 'Forward', taskDefinition },
        { observation: seen(), expected: { only: { taskDefinition: 'arn:2', origin: 'arn:1', count: 2 } } },
      )
    expect(start('arn:2')).not.toThrow()
    expect(start('arn:1')).not.toThrow()
    expect(start('arn:3')).toThrow('I3')
    expect(() =>
      assertSafe(
        { kind: 'StartCodeDeploy', way: 'Back', taskDefinition: 'arn:1' },
        { observation: seen(), expected: {} },
      ),
    ).toThrow('no rollout brings that revision')
    const others = { observation: seen(), expected: {} }
    expect(() => assertSafe({ kind: 'StopCodeDeploy', deployment: 'd-1' }, others)).not.toThrow()
  })
})
