import { durationMs, formatDuration } from '../../resources/duration.ts'
import { gateKind, gateStage, stagesOf } from '../../resources/gates.ts'
import { imagesOf, mainContainerName } from '../../resources/images.ts'
import { MAX_RELEASE_OBJECT_NAME, releaseObjectName } from '../../resources/names.ts'
import type { Problem } from '../../resources/problem.ts'
import type { DefaultedGate, DefaultedRelease, GateStage, TrafficRule } from '../../resources/types.ts'
import { isOneService, isRolling } from '../places.ts'
import { shiftMs, shiftSteps } from '../rollout/shift-steps.ts'
import { checkNative } from './native.ts'
import { checkCodeDeploy } from './code-deploy.ts'
import { checkOneService } from './one-service.ts'

/** What no single field can be blamed for: rules between fields of a release, and between it and its environment. */
export function checkConsistency({
  release,
  environment,
  requiredGates,
}: {
  release: DefaultedRelease
  environment: string | undefined
  requiredGates: readonly DefaultedGate[]
}): Problem[] {
  return [
    ...checkName({ release: release.metadata.name, environment }),
    ...checkRules(release),
    ...checkSchedules(release),
    ...checkMainImage(release),
    ...checkGateStages(release.spec.gates, '/spec/gates'),
    ...checkGates(release.spec.gates, release),
    ...checkRequiredGates(requiredGates, release),
    ...checkSteps(release),
    ...checkShiftGates(requiredGates, release),
    ...checkDeadline(release),
    ...checkOneService(release, requiredGates),
    ...checkNative(release, requiredGates),
    ...checkCodeDeploy(release, requiredGates),
  ]
}

/** The release's production rules, whether it names one or several. */
export function productionRules(release: DefaultedRelease): readonly TrafficRule[] {
  const { traffic } = release.spec
  return traffic?.rules ?? (traffic?.rule ? [traffic.rule] : [])
}

/** A text that two rules share only if they are the same rule of one load balancer. */
export function ruleKey(rule: TrafficRule): string {
  if (rule.ruleArn !== undefined) return rule.ruleArn
  return `${String(rule.port)} ${(rule.host ?? '').toLowerCase()} ${rule.path ?? ''}`
}

function checkName({
  release,
  environment,
}: {
  release: string
  environment: string | undefined
}): Problem[] {
  if (environment === undefined) return []
  const name = releaseObjectName({ environment, release })
  if (name.length <= MAX_RELEASE_OBJECT_NAME) return []
  const message = `the name ${name} has ${name.length} characters; expected at most ${MAX_RELEASE_OBJECT_NAME}, the environment's name with it`
  return [problem('/metadata/name', message)]
}

function checkRules(release: DefaultedRelease): Problem[] {
  const rules = productionRules(release)
  const keys = rules.map(ruleKey)
  const problems = keys.flatMap((key, index) =>
    keys.indexOf(key) === index
      ? []
      : [
          problem(
            `/spec/traffic/rules/${index}`,
            'the rule stands here a second time; expected each rule once',
          ),
        ],
  )
  const test = release.spec.traffic?.test
  if (test && keys.includes(ruleKey(test))) {
    problems.push(
      problem(
        '/spec/traffic/test',
        'the test rule is a production rule; expected a listener or rule of its own',
      ),
    )
  }
  return problems
}

function checkSchedules({ spec: { schedules = [] } }: DefaultedRelease): Problem[] {
  const texts = schedules.map(({ group, name }) => `${group}/${name}`)
  return texts.flatMap((text, index) =>
    texts.indexOf(text) === index
      ? []
      : [
          problem(
            `/spec/schedules/${index}`,
            `the schedule ${text} stands here a second time; expected each schedule once`,
          ),
        ],
  )
}

/** With several images it has to be clear which container takes the requests; that one has an image of its own. */
function checkMainImage(release: DefaultedRelease): Problem[] {
  if (release.spec.images === undefined) return []
  const main = mainContainerName(release)
  if (imagesOf(release).some(({ container }) => container === main)) return []
  const message =
    main === undefined
      ? `none of the images is of a container called ${release.metadata.name}; expected traffic.container to name the one that takes the requests`
      : `the container ${main}, which takes the requests, has no image; expected it among the images`
  return [problem('/spec/images', message)]
}

/** A gate at a stage where there is nothing that it could ask would never be asked, or never pass. */
export function checkGateStages(gates: readonly DefaultedGate[], path: string): Problem[] {
  return gates.flatMap((gate, index) => {
    const kind = gateKind(gate)
    if (kind === undefined || stagesOf(kind).includes(gateStage(gate))) return []
    const message = `a gate that asks ${kind} can't run at ${gateStage(gate)}; expected one of ${stagesOf(kind).join(', ')}`
    return [problem(`${path}/${index}/when`, message)]
  })
}

function checkGates(gates: readonly DefaultedGate[], release: DefaultedRelease): Problem[] {
  return gates.flatMap((gate, index) =>
    needsTestRule(gate, release)
      ? [
          problem(
            `/spec/gates/${index}`,
            `the gate ${gate.name} asks the idle side; expected traffic.test, the listener that reaches it`,
          ),
        ]
      : [],
  )
}

function checkRequiredGates(requiredGates: readonly DefaultedGate[], release: DefaultedRelease): Problem[] {
  return requiredGates.flatMap((gate) => {
    const own = release.spec.gates.findIndex(({ name }) => name === gate.name)
    if (own >= 0) {
      const message = `the environment requires a gate called ${gate.name}; expected another name`
      return [problem(`/spec/gates/${own}/name`, message)]
    }
    if (!needsTestRule(gate, release)) return []
    return [
      problem(
        '/spec/traffic',
        `the environment's gate ${gate.name} asks the idle side; expected test, the listener that reaches it`,
      ),
    ]
  })
}

const ON_IDLE_SIDE: ReadonlySet<GateStage> = new Set(['Verify', 'BeforeShift'])

function needsTestRule(gate: DefaultedGate, release: DefaultedRelease): boolean {
  if (isRolling(release.spec)) return false
  const asksIdleSide = (gate.http ?? gate.warming) !== undefined && ON_IDLE_SIDE.has(gateStage(gate))
  return asksIdleSide && !release.spec.traffic?.test
}

/** Each step of a canary gives the new version more than the one before: less would be a way back. */
function checkSteps({ spec: { strategy } }: DefaultedRelease): Problem[] {
  const weights = (strategy.steps ?? []).map(({ weight }) => weight)
  return weights.flatMap((weight, index) => {
    const before = weights[index - 1] ?? 0
    if (weight > before) return []
    const message = `the step gives the new version ${weight} % after ${before} %; expected more with each step`
    return [problem(`/spec/strategy/steps/${index}/weight`, message)]
  })
}

/** Gates of a shift are asked while its steps are held; a strategy without steps would pass over them in silence. */
function checkShiftGates(requiredGates: readonly DefaultedGate[], release: DefaultedRelease): Problem[] {
  const { gates, strategy } = release.spec
  if (isOneService(release.spec) || shiftSteps(strategy).length > 1) return []
  const expected = 'expected strategy type Canary or Linear, with a step below 100 %'
  const own = gates.flatMap((gate, index) =>
    gateStage(gate) === 'Shift'
      ? [
          problem(
            `/spec/gates/${index}/when`,
            `the gate ${gate.name} is asked while a step is held; ${expected}`,
          ),
        ]
      : [],
  )
  const required = requiredGates.filter((gate) => gateStage(gate) === 'Shift')
  return [
    ...own,
    ...required.map(({ name }) =>
      problem('/spec/strategy', `the environment's gate ${name} is asked while a step is held; ${expected}`),
    ),
  ]
}

function checkDeadline(release: DefaultedRelease): Problem[] {
  const { strategy } = release.spec
  const { bake, deadline } = strategy
  const stepsMs = shiftMs(strategy)
  if (durationMs(deadline) > durationMs(bake) + stepsMs) return []
  const message =
    stepsMs === 0
      ? `a rollout that bakes for ${bake} can't succeed within ${deadline}; expected a deadline longer than the bake`
      : `a rollout whose steps last ${formatDuration(stepsMs)} and that bakes for ${bake} can't succeed within ${deadline}; expected a deadline longer than both together`
  return [problem('/spec/strategy/deadline', message)]
}

function problem(path: string, message: string): Problem {
  return { path, message, code: 'InvalidValue', at: 'value' }
}
