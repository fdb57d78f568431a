import { isSettled } from '../aws/view.ts'
import type { Simulation } from './simulation.ts'

/** Whether one controller leads and waits for nothing, no other one runs, and AWS moves nothing: until something comes from outside all stays as it is. */
export function isAtRest(simulation: Simulation): boolean {
  // CodeDeploy ends an old version's tasks in its own time.
  if (hasMore(simulation) || simulation.moved.length > 0) return false
  const running = simulation.seats.filter(({ process }) => process?.isDead === false)
  return running.length === 1 && running.every((seat) => seat.isAtRest) && isSettled(simulation.aws)
}

/** Whether it is known that nothing goes wrong any more that calm would stop. */
export function isFreeOfTrouble(simulation: Simulation): boolean {
  const { story, aws, machine } = simulation
  if (!simulation.isCalm || story.depth === 'core') return simulation.isCalm
  const isHeldUp = aws.heldUp !== undefined || aws.late !== undefined || machine.disk.mostMs > 0
  return !isHeldUp && !hasMore(simulation)
}

/**
 * Whether there is more than AWS, git and a disk: what Terraform, a store of several machines or a queue have under way is not known here, and with a queue the next
 * look is minutes away.
 */
const hasMore = ({ terraform, story }: Simulation): boolean =>
  terraform !== undefined || story.store !== undefined || story.news !== undefined
