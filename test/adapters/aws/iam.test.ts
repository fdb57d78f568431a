import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  buckets,
  operations,
  type OperationTraits,
} from '../../../controller/adapters/aws/client/operations.ts'

interface Policy {
  readonly Statement: readonly {
    readonly Action: readonly string[]
    readonly Resource: string | readonly string[]
    readonly Condition?: unknown
  }[]
}

const text = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const policy = (name: string): Policy => JSON.parse(text(`manifests/iam/${name}`)) as Policy
const actionsOf = ({ Statement }: Policy): string[] => Statement.flatMap(({ Action }) => Action)
const traits: readonly OperationTraits[] = Object.values(operations)
const needed = [...new Set(traits.flatMap(({ permissions }) => permissions))].toSorted()

/** Operations whose action has another name. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
const ACTIONS: Readonly<Record<string, string>> = {
  'lambda:Invoke': 'lambda:InvokeFunction',
  'sqs:DeleteMessageBatch': 'sqs:DeleteMessage',
}

describe('the IAM policies', () => {
  it('allow exactly what the adapter calls, each action once', () => {
    const allowed = [
      ...actionsOf(policy('steersman-policy.json')),
      ...actionsOf(policy('controller-policy.json')),
      ...actionsOf(policy('adopt-policy.json')),
    ]
    expect(allowed.toSorted()).toEqual(needed)
  })

  it('leave taking on roles to the controller’s own role', () => {
    expect(actionsOf(policy('controller-policy.json'))).toEqual(['sts:AssumeRole'])
  })

  it('leave to those who adopt services what the controller never calls', () => {
    expect(actionsOf(policy('adopt-policy.json')).toSorted()).toEqual([
      'elasticloadbalancing:CreateListener',
      'elasticloadbalancing:CreateRule',
      'elasticloadbalancing:CreateTargetGroup',
      'elasticloadbalancing:ModifyTargetGroupAttributes',
    ])
  })

  it('name resources for every write but RegisterTaskDefinition, and conditions for tags and roles', () => {
    const statements = [
      ...policy('steersman-policy.json').Statement,
      ...policy('adopt-policy.json').Statement,
    ]
    const isRead = (action: string): boolean => /:(Describe|List|Get|BatchGet|Lookup)/.test(action)
    const unbounded = statements
      .filter(({ Resource }) => [Resource].flat().includes('*'))
      .flatMap(({ Action }) => Action)
    expect(unbounded.filter((action) => !isRead(action))).toEqual(['ecs:RegisterTaskDefinition'])
    const conditional = statements
      .filter(({ Condition }) => Condition !== undefined)
      .flatMap(({ Action }) => Action)
    expect(conditional).toEqual(['ecs:TagResource', 'iam:PassRole'])
  })

  it('are explained action by action', () => {
    const page = text('docs/reference/iam.md')
    expect(needed.filter((action) => !page.includes(`\`${action}\``))).toEqual([])
  })

  it('come from a table in which each operation has its own action first and reads never share a bucket with writes', () => {
    const writesByBucket = new Map<string, boolean>()
    for (const [name, { bucket, writes, permissions }] of Object.entries(operations)) {
      if (name !== 'sts:GetCallerIdentity') expect(permissions[0]).toBe(ACTIONS[name] ?? name)
      expect(writesByBucket.get(bucket) ?? writes).toBe(writes)
      writesByBucket.set(bucket, writes)
    }
    expect([...writesByBucket.keys()].toSorted()).toEqual(Object.keys(buckets).toSorted())
  })
})
