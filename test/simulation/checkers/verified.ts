import { adoptedRevision } from '../aws/adopted.ts'
import type { SeenRelease } from '../aws/view.ts'
import { sideNames } from '../aws/view.ts'
import type { Machine } from '../process/machine.ts'
import type { Story } from '../run/story.ts'
import { storedRollouts } from './stored.ts'

/** Whether some side has a revision with which a rollout has come through: where none has, there is nobody to take over from what people gave traffic to. */
export const isAnySideVerified = (machine: Machine, release: string, { sides }: SeenRelease): boolean =>
  storedRollouts(machine, release).some(
    ({ spec, status }) =>
      status.outcome === 'Succeeded' &&
      sideNames.some((side) => sides[side].taskDefinition === spec.taskDefinition),
  )

/** Whether any version of the release has ever come through. */
export const wasEverVerified = (machine: Machine, release: string): boolean =>
  storedRollouts(machine, release).some(({ status }) => status.outcome === 'Succeeded')

/** Whether it is the revision that the release was adopted with. */
export const isAdopted = (
  { adopted }: Pick<Story, 'adopted'>,
  release: string,
  taskDefinition: string | undefined,
): boolean => adopted === true && taskDefinition === adoptedRevision({ release })
