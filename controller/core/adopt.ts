import { stringify } from 'yaml'
import type { DefaultedGate, Engine } from '../resources/types.ts'
import type {
  AdoptedListener,
  AdoptedRule,
  AdoptedService,
  AdoptionFacts,
  AdoptionWishes,
} from './adopt/facts.ts'
import { isAutoscaled } from './adopt/facts.ts'
import { escaped } from './adopt/escaped.ts'
import type { Move } from './adopt/move.ts'
import { movesLeft } from './adopt/moves.ts'
import { engineOf, movedRules } from './adopt/moved.ts'
import type { AdoptedNames } from './adopt/names.ts'
import { namesOf } from './adopt/names.ts'
import type { Refusal } from './adopt/refusal.ts'
import { when } from './adopt/refusal.ts'
import { refuseMoved } from './adopt/refuse-moved.ts'
import { refuseSecond } from './adopt/refuse-second.ts'
import { refuseService } from './adopt/refuse-service.ts'
import { productionRules, refuseTraffic } from './adopt/refuse-traffic.ts'
import type { Adoptable } from './adopt/release-document.ts'
import { imageOf, releaseDocument, taskDefinitionPath } from './adopt/release-document.ts'
import { suspectVariables, taskDefinitionDocument } from './adopt/task-definition-document.ts'
import { terraformText } from './adopt/terraform-text.ts'
import { refuseTest } from './adopt/test-rule.ts'
import type { SourceFile } from './manifest.ts'
import { formatIssue, loadManifests } from './manifest.ts'
import type { Policy } from './policy.ts'
import { checkReleaseAllowed, checkTaskDefinitionAllowed } from './policy.ts'

export type { AdoptionFacts, AdoptionWishes } from './adopt/facts.ts'
export { describeMove, operationOf } from './adopt/move.ts'
export type { Move } from './adopt/move.ts'
export type { Refusal } from './adopt/refusal.ts'

/** What the environment that gets the release says of it. */
export interface AdoptionRules {
  /** `spec.source.path`: where releases and task definitions lie in the repository. */
  readonly path: string
  readonly policy: Policy
  readonly requiredGates: readonly DefaultedGate[]
}

/** A file to be committed, relative to the top of the repository. */
export interface AdoptedFile {
  readonly path: string
  readonly text: string
}

/** What it takes to bring a service under Steersman's care, or why it can't be. */
export interface Adoption {
  readonly refusals: readonly Refusal[]
  /** What moves its traffic: where that is AWS itself, the service stays one, and nothing has to be made. */
  readonly engine: Engine | undefined
  /** What a person should know before the commit. */
  readonly notes: readonly string[]
  readonly names: AdoptedNames | undefined
  readonly files: readonly AdoptedFile[]
  /** What is left to be done, in order. */
  readonly moves: readonly Move[]
}

/** Decides how a service is adopted. Pure: the same facts give the same moves. */
export function planAdoption(facts: AdoptionFacts, wishes: AdoptionWishes, rules: AdoptionRules): Adoption {
  const { service, targetGroup } = facts
  if (service === null)
    return refused([
      {
        code: 'ServiceMissing',
        message: `cluster ${wishes.cluster} has no service ${wishes.service}`,
        remedy: 'correct the names, the region or the account',
      },
    ])
  const engine = engineOf(service)
  const isPair = engine === 'TargetGroupSwap'
  const greenTargetGroup = isPair ? wishes.greenTargetGroup : facts.second.targetGroup?.name
  const names = namesOf({ ...wishes, greenTargetGroup }, targetGroup?.name ?? wishes.service)
  const refusals = [
    ...refuseEngine(service, engine, wishes),
    ...refuseService(service, facts),
    ...(isPair ? refusePair(facts, wishes, names) : refuseMoved(service, facts)),
  ]
  if (refusals.length > 0 || !isAdoptable(facts)) return refused(refusals)
  const files = filesOf(facts, wishes, names, rules)
  const unfit = unfitFiles(files, facts, wishes, rules)
  if (unfit.length > 0) return refused(unfit)
  return {
    refusals: [],
    engine,
    notes: isPair ? notesOf(facts, wishes) : movedNotes(facts, wishes, engine),
    names,
    files,
    moves: isPair ? movesLeft(facts, wishes, names) : [],
  }
}

const refusePair = (
  facts: AdoptionFacts,
  wishes: AdoptionWishes,
  names: AdoptedNames,
): readonly Refusal[] => [
  ...refuseTraffic(facts, wishes.testPort),
  ...refuseSecond(facts, wishes, names),
  ...refuseTest(facts, wishes),
]

const refuseEngine = (
  { name }: AdoptedService,
  engine: Engine,
  { engine: wanted = engine, testPort, greenService, greenTargetGroup }: AdoptionWishes,
): readonly Refusal[] => [
  ...when(
    wanted !== engine,
    'EngineNotItsOwn',
    `service ${name} is of the engine ${engine}, and not of ${wanted}`,
    'leave --engine out to adopt it as it is',
  ),
  ...when(
    engine !== 'TargetGroupSwap' && (testPort ?? greenService ?? greenTargetGroup) !== undefined,
    'NoSecondSide',
    `AWS moves the traffic of service ${name}, which stays one service with the test rule and the target groups that it has`,
    'leave --test-port, --green-service and --green-target-group out',
  ),
]

const refused = (refusals: readonly Refusal[]): Adoption => ({
  refusals,
  engine: undefined,
  notes: [],
  names: undefined,
  files: [],
  moves: [],
})

const isAdoptable = (facts: AdoptionFacts): facts is Adoptable =>
  facts.service !== null &&
  facts.taskDefinition !== undefined &&
  facts.targetGroup !== null &&
  facts.loadBalancer !== null

function filesOf(
  facts: Adoptable,
  wishes: AdoptionWishes,
  names: AdoptedNames,
  { path }: AdoptionRules,
): readonly AdoptedFile[] {
  const below = path === '' || path === '.' ? '' : `${path}/`
  const document = taskDefinitionDocument(facts.taskDefinition, imageOf(facts)?.container)
  return [
    {
      path: `${below}releases/${names.release}.yaml`,
      text: stringify(escaped(releaseDocument(facts, wishes, names)), { lineWidth: 120 }),
    },
    { path: `${below}${taskDefinitionPath(names)}`, text: `${JSON.stringify(document, undefined, 2)}\n` },
    ...(engineOf(facts.service) === 'TargetGroupSwap'
      ? [{ path: `terraform/${names.release}-green.tf`, text: terraformText(facts, wishes, names) }]
      : []),
  ]
}

/** What the controller would refuse of the files, by its own checks. */
function unfitFiles(
  files: readonly AdoptedFile[],
  { taskDefinition }: Adoptable,
  wishes: AdoptionWishes,
  { path, policy, requiredGates }: AdoptionRules,
): readonly Refusal[] {
  const { releases, issues } = loadManifests({
    files: files.filter((file) => !file.path.endsWith('.tf')).map(sourceFile),
    path,
    environment: wishes.environment,
    requiredGates,
  })
  const invalid = issues.flatMap((issue) =>
    when(true, 'NotAccepted', formatIssue(issue), 'change that of the service, and ask again'),
  )
  const [loaded] = releases
  if (loaded === undefined) return invalid
  const { release } = loaded
  const { image: _image, ...spec } = release.spec
  const problems = [
    ...checkReleaseAllowed({ release, policy: { ...policy, requiredGates } }),
    ...checkTaskDefinitionAllowed({
      document: { ...taskDefinition.document, family: taskDefinition.family },
      family: taskDefinition.family,
      release: { ...release, spec },
      policy,
    }),
  ]
  return problems.flatMap(({ path: at, message }) =>
    when(true, 'NotAllowed', `${at}: ${message}`, 'let the platform team add it to the Environment'),
  )
}

const sourceFile = ({ path, text }: AdoptedFile): SourceFile => ({
  path,
  mode: 'file',
  size: new TextEncoder().encode(text).byteLength,
  text,
  validUtf8: true,
})

function notesOf(facts: Adoptable, wishes: AdoptionWishes): readonly string[] {
  const rules = productionRules(facts.listeners, facts.targetGroup.arn, wishes.testPort)
  return [
    ...suspectsNote(facts),
    ...rules.flatMap((rule) => droppedGroups(rule, facts)),
    ...countNote(facts, wishes),
    ...(wishes.testPort === undefined
      ? ['without --test-port no gate can reach the idle side before it gets the traffic']
      : portNote(facts.listeners, wishes.testPort)),
  ]
}

function suspectsNote({ taskDefinition }: Adoptable): readonly string[] {
  const suspects = suspectVariables(taskDefinition.document)
  if (suspects.length === 0) return []
  return [
    `the task definition's file holds the values of ${suspects.join(', ')}: where they are secrets, move them to Secrets Manager before you commit it`,
  ]
}

/** What a person should know of a service whose traffic AWS goes on to move. */
function movedNotes(facts: Adoptable, wishes: AdoptionWishes, engine: Engine): readonly string[] {
  const { test } = movedRules(facts)
  return [
    ...suspectsNote(facts),
    ...(isAutoscaled(facts, wishes) ? [] : countNote(facts, wishes)),
    ...(test === undefined
      ? ['it has no test rule, so no gate can ask a version before it gets the traffic']
      : []),
    engine === 'CodeDeploy'
      ? "CodeDeploy moves the traffic as spec.strategy says, and no more by its deployment group's configuration: look at it before you commit"
      : "ECS waits for Steersman from the next version on: hooks of the service's deployments end with it",
  ]
}

function countNote(facts: Adoptable, wishes: AdoptionWishes): readonly string[] {
  if (isAutoscaled(facts, wishes))
    return [
      'the count is left to autoscaling: give the second service a scalable target with the bounds and policies of the first one',
    ]
  return facts.scaling === null
    ? []
    : [
        `the release wants ${facts.service.desiredCount} tasks: where Application Auto Scaling decides the count, give --autoscaled`,
      ]
}

function droppedGroups({ rule }: AdoptedRule, { targetGroup, second }: Adoptable): readonly string[] {
  const pair = new Set([targetGroup.arn, second.targetGroup?.arn])
  const others = rule.weights.filter(({ targetGroupArn }) => !pair.has(targetGroupArn))
  return others.map(
    ({ targetGroupArn }) => `rule ${rule.arn} loses target group ${targetGroupArn}, which has weight 0 in it`,
  )
}

const portNote = (listeners: readonly AdoptedListener[], testPort: number): readonly string[] =>
  listeners.some(({ port }) => port === testPort)
    ? []
    : [`the load balancer's security groups must let the controller, and nobody else, in on port ${testPort}`]
