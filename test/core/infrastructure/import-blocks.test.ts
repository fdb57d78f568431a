import { describe, expect, it } from 'vitest'
import { importBlocks } from '../../../controller/core/infrastructure/import-blocks.ts'

const VPC = 'arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1'

describe('Import blocks', () => {
  it('name the resource, its address and its id', () => {
    const leftovers = [
      { arn: VPC, importId: 'vpc-1', addresses: ['module.network.aws_vpc.this'] },
      { arn: 'arn:b', importId: 'b', addresses: ['aws_ecs_service.side["blue"]'] },
    ]
    expect(importBlocks(leftovers)).toBe(
      `# ${VPC}
import {
  to = module.network.aws_vpc.this
  id = "vpc-1"
}

# arn:b
import {
  to = aws_ecs_service.side["blue"]
  id = "b"
}
`,
    )
  })

  it('are commented out where one of several resources is meant', () => {
    expect(importBlocks([{ arn: VPC, importId: 'vpc-1', addresses: ['aws_vpc.a', 'aws_vpc.b'] }])).toBe(
      `# ${VPC}
# It may be any of these, and each of them another one: choose by what AWS shows of it.
# import {
#   to = aws_vpc.a
#   id = "vpc-1"
# }
# import {
#   to = aws_vpc.b
#   id = "vpc-1"
# }
`,
    )
  })

  it('are commented out where several resources may be the one, so that no address is imported twice', () => {
    const twice = ['vpc-1', 'vpc-2'].map((importId) => ({
      arn: importId,
      importId,
      addresses: ['aws_vpc.a'],
    }))
    expect(importBlocks(twice)).not.toMatch(/^import/m)
  })

  it('are commented out for what may not exist', () => {
    expect(importBlocks([{ importId: 'web-task', addresses: ['aws_iam_role.task'] }])).toBe(
      `# Tags don't show whether this one exists. If it does:
# import {
#   to = aws_iam_role.task
#   id = "web-task"
# }
`,
    )
  })

  it('are left to people for a type that is not known', () => {
    expect(importBlocks([{ arn: 'arn:aws:sqs:::orders', addresses: ['aws_sqs_queue.orders'] }])).toBe(
      `# arn:aws:sqs:::orders
# How its type is imported is not known here: look its import ID up. It may be aws_sqs_queue.orders
`,
    )
  })

  it('write an id so that HCL reads it as it is', () => {
    const [, id] =
      /id = (.*)/.exec(importBlocks([{ arn: 'a', importId: '${a} %{b} "c" \\', addresses: ['x.y'] }])) ?? []
    expect(id).toBe('"$${a} %%{b} \\"c\\" \\\\"')
  })
})
