import { createHash } from 'node:crypto'
import type { Interfaces } from '../kernel/ports-between.ts'
import type { ElbTables } from './state.ts'

/** The interfaces of the load balancers: one in each of their subnets, with all of their security groups. */
export function interfacesOfLoadBalancers({ loadBalancers }: ElbTables): Interfaces {
  return (region) =>
    loadBalancers
      .list()
      .filter((row) => row.arn.includes(`:${region}:`))
      .flatMap((row) =>
        row.zones.map(({ subnetId }) => ({
          id: `eni-${createHash('sha256').update(`${row.arn} ${subnetId}`).digest('hex').slice(0, 17)}`,
          description: `ELB ${row.arn.replace(/^.*:loadbalancer\//, '')}`,
          subnetId,
          securityGroups: row.securityGroups,
          vpcId: row.vpcId,
        })),
      )
}
