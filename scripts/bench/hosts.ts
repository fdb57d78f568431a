import type { PairShape } from '../../test/support/machine/shape.ts'

/** The tag that git names of target groups and rules, as they have it. */
export const TAG = { Key: 'team', Value: 'shop' } as const

/** An ALB takes 100 target groups, so 50 pairs. */
const PER_BALANCER = 50
/** A region has 3,000 target groups. */
const PER_REGION = 1_500
export const REGIONS = ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1'] as const
export type Region = (typeof REGIONS)[number]

export interface HostPair extends PairShape {
  readonly host: string
  readonly region: Region
}

/** So many releases behind two listeners for each fifty of them, by host. */
export const hostPairs = (releases: number): HostPair[] =>
  Array.from({ length: releases }, (_, index) => ({
    release: `r${index}`,
    loadBalancer: `shop-${Math.floor(index / PER_BALANCER)}`,
    port: 80,
    testPort: 8081,
    host: `r${index}.example.com`,
    region: regionOf(index),
  }))

function regionOf(index: number): Region {
  const region = REGIONS[Math.floor(index / PER_REGION)]
  if (region === undefined) throw new RangeError(`at most ${REGIONS.length * PER_REGION} releases`)
  return region
}
