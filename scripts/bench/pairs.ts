import type { PairShape } from '../../test/support/machine/shape.ts'

/** Releases of the environment that is measured at rest. */
export const RELEASES = 200
/** An ALB takes 50 listeners; each release has two here. */
const RELEASES_PER_BALANCER = 20

/** So many releases with a pair of target groups and two listeners each. */
export const pairsOf = (releases: number): PairShape[] =>
  Array.from({ length: releases }, (_, index) => ({
    release: `r${index}`,
    loadBalancer: `shop-${Math.floor(index / RELEASES_PER_BALANCER)}`,
    port: 1_000 + index,
    testPort: 2_000 + index,
  }))
