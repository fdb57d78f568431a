import type { PlantedBug } from '../bug.ts'

const depths = ['full', 'core'] as const

/** Mistakes with releases whose traffic ECS moves. */
export const nativeBugs: readonly PlantedBug[] = [
  {
    name: 'let-ecs-go-on-unasked',
    breaks: 'I6',
    story: 'ECS is let go on to the traffic before the gates of the release were asked.',
    file: 'controller/core/rollout/native/verifying.ts',
    find: `return ask(input, gatesAt(input.rollout, 'Verify')) ?? goOn(input, next)`,
    replace: `return stillHeld(input) ?? goOn(input, next)`,
    depths,
  },
]
