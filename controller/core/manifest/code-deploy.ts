import { gateStage } from '../../resources/gates.ts'
import type { Problem } from '../../resources/problem.ts'
import type { DefaultedGate, DefaultedRelease } from '../../resources/types.ts'
import { configurationFor } from '../code-deploy.ts'
import { namesSide } from '../gate/side-placeholders.ts'
import { shiftSteps } from '../rollout/shift-steps.ts'

/** What CodeDeploy can't do of what a release asks for: it has configurations of its own, holds none of their steps, and has no sides. */
export function checkCodeDeploy(
  release: DefaultedRelease,
  requiredGates: readonly DefaultedGate[],
): Problem[] {
  const { engine, strategy, gates, service } = release.spec
  if (engine !== 'CodeDeploy') return []
  return [
    ...(configurationFor(shiftSteps(strategy)) === undefined ? [unknownSteps] : []),
    ...UNKNOWN_SETTINGS.filter((name) => service.settings?.[name] !== undefined).map((name) =>
      problem(
        `/spec/service/settings/${name}`,
        'no deployment of CodeDeploy brings this setting to new tasks; expected it where the service is created',
        'key',
      ),
    ),
    ...gates.flatMap((gate, index) => {
      const wrong = wrongWith(gate)
      return wrong === undefined ? [] : [problem(`/spec/gates/${index}`, `the gate ${gate.name} ${wrong}`)]
    }),
    ...requiredGates.flatMap((gate) => {
      const wrong = wrongWith(gate)
      return wrong === undefined
        ? []
        : [problem('/spec/engine', `the environment's gate ${gate.name} ${wrong}; or another engine`)]
    }),
  ]
}

function wrongWith(gate: DefaultedGate): string | undefined {
  if (gateStage(gate) === 'Shift')
    return 'is asked at Shift, and CodeDeploy moves the traffic without a halt; expected another stage'
  if (
    JSON.stringify(gate.cloudwatch ?? {})
      .split('"')
      .some(namesSide)
  )
    return 'names a side in its dimensions, and a release of CodeDeploy has none; expected names that do not change'
  return undefined
}

/** Settings that only other tasks have, and an AppSpec does not know. */
export const UNKNOWN_SETTINGS = [
  'enableExecuteCommand',
  'placementConstraints',
  'placementStrategy',
  'volumeConfigurations',
] as const

const problem = (path: string, message: string, at: Problem['at'] = 'value'): Problem => ({
  path,
  message,
  code: 'InvalidValue',
  at,
})

const unknownSteps = problem(
  '/spec/strategy',
  'CodeDeploy moves the traffic by its own configurations only; expected type BlueGreen, Canary with the one step {weight: 10, for: 5m or 15m}, or Linear with by: 10 and every: 1m or 3m',
)
