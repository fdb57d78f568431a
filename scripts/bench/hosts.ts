import type { PairShape } from '../../test/support/machine/shape.ts'

/** The tag that git names of target groups and rules, as they have it. */
export const TAG = { Key: 'team', Value: 'shop' } as const

/** An ALB takes 100 target groups, so 50 pairs. */
const PER_BALANCER = 50

/** So many releases behind two listeners for each fifty of them, by host. */
export const hostPairs = (releases: number): (PairShape & { readonly host: string })[] =>
  Array.from({ length: releases }, (_, index) => ({
    release: `r${index}`,
    loadBalancer: `shop-${Math.floor(index / PER_BALANCER)}`,
    port: 80,
    testPort: 8081,
    host: `r${index}.example.com`,
  }))
