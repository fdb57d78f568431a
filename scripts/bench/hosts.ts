import type { PairShape } from '../../test/support/machine/shape.ts'

/** Releases of the environment whose sweeps are counted: two services each. */
export const HOSTS = 500
/** An ALB takes 100 target groups, so 50 pairs. */
const PER_BALANCER = 50

/** So many releases behind two listeners for each fifty of them, by host. */
export const hostPairs = (releases = HOSTS): (PairShape & { readonly host: string })[] =>
  Array.from({ length: releases }, (_, index) => ({
    release: `r${index}`,
    loadBalancer: `shop-${Math.floor(index / PER_BALANCER)}`,
    port: 80,
    testPort: 8081,
    host: `r${index}.example.com`,
  }))
