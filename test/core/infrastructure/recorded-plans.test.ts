import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { infrastructureDrift } from '../../../controller/core/infrastructure/drift.ts'
import { judgePlan } from '../../../controller/core/infrastructure/judge.ts'
import { environmentOf } from './plans.ts'

/** See test/fixtures/terraform/README.md. */
const recorded = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/terraform/${name}.json`, import.meta.url), 'utf8'))

const judged = (name: string): string[] => {
  const { verdict, reasons } = judgePlan(recorded(name), environmentOf())
  return [
    verdict,
    ...reasons.map(({ rule, address, attributes }) => [rule, address, ...attributes].join(' ')),
  ]
}

describe('Of plans that Terraform wrote with the real AWS provider', () => {
  it('one that would put swapped weights back is refused', () => {
    expect(judged('weights-reset')).toEqual([
      'ResetsTraffic',
      'ListenerAction aws_lb_listener_rule.web action',
    ])
  })

  it('one of a root that leaves them to Steersman is safe', () => {
    expect(judged('weights-ignored')).toEqual(['Safe'])
  })

  it('a new image is safe where the services leave their task definition to Steersman', () => {
    expect(judged('new-image')).toEqual(['Safe'])
    expect(judgePlan(recorded('new-image'), environmentOf()).summary).toMatchObject({
      replace: 1,
      resources: [
        { address: 'aws_ecs_task_definition.web', action: 'replace', attributes: ['container_definitions'] },
      ],
    })
  })

  it('a new image is refused where Terraform would roll it out', () => {
    expect(judged('new-image-not-ignored')).toEqual([
      'ResetsTraffic',
      'LiveService aws_ecs_service.side["blue"] task_definition',
      'LiveService aws_ecs_service.side["green"] task_definition',
    ])
  })

  it('one that replaces target groups is refused', () => {
    expect(judged('target-groups-replaced')).toEqual([
      'ResetsTraffic',
      'LiveService aws_ecs_service.side["blue"] load_balancer',
      'LiveService aws_ecs_service.side["green"] load_balancer',
      'TargetGroup aws_lb_target_group.side["blue"]',
      'TargetGroup aws_lb_target_group.side["green"]',
      'Replaced aws_lb_target_group.side["blue"] name',
      'Replaced aws_lb_target_group.side["green"] name',
    ])
  })

  it('a refresh after a swap finds six objects changed, and no drift', () => {
    const plan = recorded('refresh-only') as { readonly resource_drift: readonly unknown[] }
    expect(plan.resource_drift).toHaveLength(6)
    expect(infrastructureDrift(plan)).toEqual([])
  })
})
