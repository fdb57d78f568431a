import { readFileSync } from 'node:fs'
import { IMAGE_REPOSITORY } from '../../test/support/machine/shape.ts'
import type { Ending, Story, Strategy } from './stories.ts'

const DEMO = new URL('../../manifests/demo/repository/deploy/', import.meta.url)
const TASK_DEFINITION = readFileSync(new URL('taskdefs/web.json', DEMO), 'utf8')

/** Tasks of a side. */
const DESIRED_COUNT = 2
/** Paths by which gates are told from users. */
export const GATE_PATHS = { Verify: '/gate/verify', Shift: '/gate/shift', Bake: '/gate/bake' } as const

type GateStage = keyof typeof GATE_PATHS

const STEP = '300ms'
const BAKE = '400ms'
/** An abort comes while the step, or the bake, is still held. */
const HELD_FOR_THE_ABORT = '20s'
/** Longer than any story: the way back is warm until the next version. */
const KEEP_PREVIOUS = '10m'
/** A version that never becomes healthy is waited for as long as this. */
const SHORT_DEADLINE = '6s'
const DEADLINE = '2m'
/** No task answers this. */
const NOBODY = 'no version says so'

/** The files of a commit that brings the story's version; with a pin they go back to what a rollout served. */
export function filesOf(story: Story, pin?: { readonly rollout: number }): Record<string, string> {
  const release = {
    apiVersion: 'steersman.dev/v1alpha1',
    kind: 'Release',
    metadata: { name: 'web' },
    spec: {
      ...(pin === undefined ? {} : { pin: { ...pin, reason: 'the soak goes back' } }),
      image: { repository: IMAGE_REPOSITORY, tag: story.version },
      taskDefinition: { file: 'taskdefs/web.json' },
      service: { cluster: 'demo', desiredCount: DESIRED_COUNT, settings: SETTINGS },
      traffic: {
        loadBalancer: 'demo',
        rule: { port: 80 },
        test: { port: 8081 },
        targetGroups: { blue: 'web-blue', green: 'web-green' },
      },
      strategy: {
        ...strategyOf(story.strategy, story.ending === 'Aborted' ? HELD_FOR_THE_ABORT : STEP),
        bake: story.ending === 'Aborted' ? HELD_FOR_THE_ABORT : BAKE,
        keepPrevious: KEEP_PREVIOUS,
        deadline: story.ending === 'NeverHealthy' ? SHORT_DEADLINE : DEADLINE,
      },
      gates: gatesOf(story),
    },
  }
  return {
    'deploy/releases/web.yaml': `${JSON.stringify(release, undefined, 2)}\n`,
    'deploy/taskdefs/web.json': TASK_DEFINITION,
  }
}

const SETTINGS = {
  launchType: 'FARGATE',
  networkConfiguration: {
    awsvpcConfiguration: { subnets: ['subnet-demo'], securityGroups: ['sg-demo'] },
  },
}

function strategyOf(strategy: Strategy, step: string): object {
  switch (strategy.type) {
    case 'BlueGreen':
      return strategy
    case 'Canary':
      return { type: 'Canary', steps: strategy.steps.map((weight) => ({ weight, for: step })) }
    case 'Linear':
      return { ...strategy, every: step }
  }
}

const FAILING: Partial<Record<Ending, GateStage>> = {
  FailsAtVerify: 'Verify',
  FailsAtShift: 'Shift',
  FailsAtBake: 'Bake',
}

function gatesOf({ ending, strategy }: Story): object[] {
  const stages: GateStage[] = strategy.type === 'BlueGreen' ? ['Verify', 'Bake'] : ['Verify', 'Shift', 'Bake']
  return stages.map((when) => {
    const fails = FAILING[ending] === when
    const good = when === 'Shift' ? '"version":' : '"version":"${imageTag}"'
    return {
      name: when.toLowerCase(),
      when,
      http: {
        path: GATE_PATHS[when],
        expect: { status: 200, body: fails ? NOBODY : good },
        interval: '100ms',
      },
      // At Verify a gate asks again until its time is over.
      timeout: fails && when === 'Verify' ? '1s' : '15s',
    }
  })
}
