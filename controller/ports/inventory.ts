import type { TaggedResource } from '../core/infrastructure/leftovers.ts'
import type { Tags } from '../core/infrastructure/planned-tags.ts'

/** What an account and region hold, found by tags. */
export interface Inventory {
  /** The resources that have all of these tags. `isComplete` false: there are more than a look takes in. Rejects with PortErrors of AWS. */
  tagged(tags: Tags): Promise<{ readonly resources: readonly TaggedResource[]; readonly isComplete: boolean }>
}
