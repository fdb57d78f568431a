import { AwsError } from '../kernel/error.ts'
import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import type { NetworkInterface } from '../kernel/ports-between.ts'
import { present, texts } from '../members.ts'
import { pageOf } from '../paging.ts'
import { number, passes } from './input.ts'
import type { Ec2World } from './state.ts'

/** DescribeNetworkInterfaces: those of load balancers and tasks. Nobody makes others here. */
export function interfaceOperations(world: Ec2World): Record<string, Operation> {
  return {
    DescribeNetworkInterfaces: {
      writes: false,
      bucket: 'other',
      handle: (input, context) => describe(world, input, context),
    },
  }
}

function describe(world: Ec2World, input: Members, context: CallContext): Members {
  const all = world.interfaces(context)
  const ids = texts(input, 'NetworkInterfaceId')
  const unknown = ids.find((id) => all.every((one) => one.id !== id))
  if (unknown !== undefined) {
    throw new AwsError(
      'InvalidNetworkInterfaceID.NotFound',
      `The networkInterface ID '${unknown}' does not exist`,
    )
  }
  const found = all.filter(
    (one) => (ids.length === 0 || ids.includes(one.id)) && passes(input, (name) => valuesOf(one, name)),
  )
  const asked = { maxResults: number(input, 'MaxResults'), nextToken: input['NextToken'] }
  const { items, nextToken } = pageOf(found, asked, 1000)
  return present({ networkInterfaceSet: items.map((one) => view(one, context)), nextToken })
}

/** The filters that are known here. */
function valuesOf(one: NetworkInterface, name: string): readonly string[] | undefined {
  const values: Readonly<Record<string, readonly string[]>> = {
    'group-id': one.securityGroups,
    'network-interface-id': [one.id],
    'subnet-id': [one.subnetId],
    'vpc-id': one.vpcId === undefined ? [] : [one.vpcId],
    description: [one.description],
    status: ['in-use'],
    'private-ip-address': one.address === undefined ? [] : [one.address],
  }
  return values[name]
}

function view(one: NetworkInterface, context: CallContext): Members {
  return present({
    networkInterfaceId: one.id,
    subnetId: one.subnetId,
    vpcId: one.vpcId,
    description: one.description,
    ownerId: context.accountId,
    requesterManaged: true,
    interfaceType: 'interface',
    status: 'in-use',
    privateIpAddress: one.address,
    groupSet: one.securityGroups.map((groupId) => ({ groupId })),
    attachment: {
      attachmentId: `eni-attach-${one.id.slice(4)}`,
      status: 'attached',
      deleteOnTermination: false,
    },
    tagSet: [],
  })
}
