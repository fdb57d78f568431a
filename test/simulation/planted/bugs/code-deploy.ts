import type { PlantedBug } from '../bug.ts'

const depths = ['full'] as const

/** Mistakes with releases whose traffic CodeDeploy moves. */
export const codeDeployBugs: readonly PlantedBug[] = [
  {
    name: 'give-codedeploy-the-word-unasked',
    breaks: 'I6',
    story: 'CodeDeploy is told to move the traffic before the gates of the release were asked.',
    file: 'controller/core/rollout/code-deploy/verifying.ts',
    find: `askGates(input, gatesAt(rollout, 'Verify'), testIsThere) ?? {`,
    replace: `lookedAt(input) ?? {`,
    depths,
  },
  {
    name: 'take-a-stopped-deployment-for-a-success',
    breaks: 'I5',
    story: 'What becomes of the deployment after it has moved the traffic is not looked at any more.',
    file: 'controller/core/rollout/code-deploy/baking.ts',
    find: `lookedAt(input) ?? lostDeployment(input) ?? replaced(input)`,
    replace: `lookedAt(input)`,
    depths,
  },
  {
    name: 'begin-a-deployment-once-more',
    breaks: 'I10',
    story: 'A deployment whose beginning got no answer is begun once more as soon as no read shows it.',
    file: 'controller/core/rollout/code-deploy/own.ts',
    find: `if (!stoodBeforeUnanswered(input, asked)) return undefined`,
    replace: `if (!stoodBeforeUnanswered(input, asked) || asked.object === START) return undefined`,
    depths,
  },
]
