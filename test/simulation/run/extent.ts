import type { Depth, FaultLevel } from './story.ts'

interface Range {
  readonly from: number
  readonly to: number
}

/** How long the stories of a depth are. */
export interface Extent {
  readonly faults: Readonly<Record<FaultLevel, Range>>
  /** Whether a story has as many pushes as its scenario allows, or no more than it needs: one of each release, one more, and at least three. */
  readonly hasFewPushes: boolean
  /** From the last push to the last fault, in milliseconds. */
  readonly afterMs: number
}

/** At the depth of the core many short stories are played instead of few long ones: as much goes wrong in less time. */
export const extents: Readonly<Record<Depth, Extent>> = {
  full: {
    faults: { none: { from: 0, to: 0 }, mild: { from: 3, to: 6 }, harsh: { from: 4, to: 14 } },
    hasFewPushes: false,
    afterMs: 120_000,
  },
  core: {
    faults: { none: { from: 0, to: 0 }, mild: { from: 3, to: 4 }, harsh: { from: 3, to: 8 } },
    hasFewPushes: true,
    afterMs: 60_000,
  },
}
