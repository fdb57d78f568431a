import { durationMs } from '../../resources/duration.ts'
import { gateStage } from '../../resources/gates.ts'
import type { Problem } from '../../resources/problem.ts'
import type { DefaultedGate, DefaultedRelease, TrafficRule } from '../../resources/types.ts'

const DAY_MS = 24 * 3_600_000
const MINUTE_MS = 60_000

/**
 * What ECS's own deployments can't do: each is an Issue, never another thing done in silence.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
 */
export function checkNative(release: DefaultedRelease, requiredGates: readonly DefaultedGate[]): Problem[] {
  if (release.spec.engine !== 'Native') return []
  const { gates, traffic } = release.spec
  return [
    ...checkRules(release),
    ...(traffic?.rule === undefined ? [] : checkRule(traffic.rule, '/spec/traffic/rule')),
    ...(traffic?.test === undefined ? [] : checkRule(traffic.test, '/spec/traffic/test')),
    ...checkPace(release),
    ...checkDeadline(release),
    ...gates.flatMap((gate, index) =>
      wrongWith(gate).map(({ at, message }) =>
        problem(`/spec/gates/${index}${at}`, `the gate ${gate.name} ${message}`),
      ),
    ),
    ...requiredGates.flatMap((gate) =>
      wrongWith(gate).map(({ message }) =>
        problem('/spec/engine', `the environment's gate ${gate.name} ${message}; or engine TargetGroupSwap`),
      ),
    ),
  ]
}

function checkRules({ spec: { traffic } }: DefaultedRelease): Problem[] {
  const rules = traffic?.rules ?? []
  if (rules.length > 1)
    return [problem('/spec/traffic/rules', 'ECS moves the traffic of one production rule; expected one')]
  return rules.flatMap((rule) => checkRule(rule, '/spec/traffic/rules/0'))
}

/** Without a condition it is the listener's default action. */
function checkRule({ ruleArn, host, path: pattern }: TrafficRule, path: string): Problem[] {
  if ((ruleArn ?? host ?? pattern) !== undefined) return []
  const message =
    "Steersman gives ECS a rule with conditions, not a listener's default action; expected host, path or ruleArn"
  return [problem(path, message)]
}

function checkPace({ spec: { strategy } }: DefaultedRelease): Problem[] {
  const { type, steps = [], by = 100, every = '0s' } = strategy
  if (type === 'Canary' && steps.length !== 1)
    return [
      problem(
        '/spec/strategy/steps',
        `ECS's canary has one step, and here are ${steps.length}; expected one`,
      ),
    ]
  if (type === 'Canary') return steps.flatMap((step) => checkMinutes(step.for, '/spec/strategy/steps/0/for'))
  if (type !== 'Linear') return []
  const tooSmall =
    by < SMALLEST_STEP
      ? [
          problem(
            '/spec/strategy/by',
            `ECS's steps are ${SMALLEST_STEP} % at the least; expected more than ${by}`,
          ),
        ]
      : []
  return [...tooSmall, ...checkMinutes(every, '/spec/strategy/every')]
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html */
const SMALLEST_STEP = 3

function checkMinutes(duration: string, path: string): Problem[] {
  const ms = durationMs(duration)
  if (ms % MINUTE_MS === 0 && ms <= DAY_MS) return []
  return [
    problem(path, `ECS holds a step for whole minutes, up to a day; expected such a time, not ${duration}`),
  ]
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html */
function checkDeadline({ spec: { strategy } }: DefaultedRelease): Problem[] {
  if (durationMs(strategy.deadline) <= DAY_MS) return []
  return [
    problem(
      '/spec/strategy/deadline',
      'ECS ends a pause after 24 hours, and goes back; expected 24h or less',
    ),
  ]
}

function wrongWith(gate: DefaultedGate): readonly { readonly at: string; readonly message: string }[] {
  const stage = gateStage(gate)
  if (stage === 'Shift')
    return [
      {
        at: '/when',
        message:
          'is asked while a step is held, and ECS asks nobody there; expected when: Verify, BeforeShift or Bake',
      },
    ]
  const isLong = HELD.has(stage) && durationMs(gate.timeout) >= DAY_MS
  const namesGroup = JSON.stringify(gate.cloudwatch ?? '').includes('${targetGroup}')
  return [
    ...(isLong
      ? [{ at: '/timeout', message: 'would outlast the pause that ECS ends after 24 hours; expected less' }]
      : []),
    ...(namesGroup
      ? [
          {
            at: '/cloudwatch',
            message:
              'names the target group, which ECS chooses; expected ${loadBalancer}, ${service} or ${cluster}',
          },
        ]
      : []),
  ]
}

const HELD: ReadonlySet<string> = new Set(['Verify', 'BeforeShift', 'Bake'])

const problem = (path: string, message: string): Problem => ({
  path,
  message,
  code: 'InvalidValue',
  at: 'value',
})
