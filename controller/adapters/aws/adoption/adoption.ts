import type { AdoptionAws } from '../../../ports/adoption.ts'
import type { AwsTools } from '../client/tools.ts'
import { createAdoptionReads } from './reads.ts'
import { createAdoptionWrites } from './writes.ts'

/** What the adoption of a service needs of AWS, behind its port. */
export const createAdoption = (tools: AwsTools): AdoptionAws => ({
  ...createAdoptionReads(tools),
  ...createAdoptionWrites(tools),
})
