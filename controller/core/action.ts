import type { Place, ScalingFacts, ScheduleName, Side } from './observation.ts'

export type SideWeights = Readonly<Record<Side, number>>

/**
 * Everything Steersman can do to the world for a release, by name. Arguments are plain data, small enough to be stored as an intent and printed in a
 * plan; they never hold a task definition's content, which may hold secrets.
 */
export interface ActionArguments {
  /** Makes sure that a revision with this content exists; looks for it by its digest tag first. */
  readonly RegisterTaskDefinition: { readonly family: string; readonly digest: string }
  /** Creates a missing service. */
  readonly CreateService: {
    readonly side: Place
    readonly taskDefinition: string
    readonly desiredCount: number
  }
  /**
   * Gives an idle side, or the only service, its revision, count and settings; a count that is left out stays as it is. `forceNewDeployment` starts over where
   * ECS gave the same revision up before, or wants it.
   */
  readonly UpdateService: {
    readonly side: Place
    readonly taskDefinition: string
    readonly desiredCount?: number
    readonly forceNewDeployment?: true
  }
  /** Changes how many tasks a service has, nothing else. */
  readonly ScaleService: { readonly side: Place; readonly desiredCount: number }
  /** Says what autoscaling may do to a side: within which bounds, and what of it is suspended. */
  readonly SetScaling: {
    readonly side: Side
    readonly minimum: number
    readonly maximum: number
    readonly suspended: Exclude<ScalingFacts['suspended'], 'Other'>
  }
  /** Sets settings of a service that start no task. */
  readonly ApplySettings: { readonly side: Place; readonly settings: Readonly<Record<string, unknown>> }
  /** Gives a service tags, which touches none of its tasks. */
  readonly TagService: { readonly side: Place; readonly tags: Readonly<Record<string, string>> }
  /** Gives a target group, a rule or a listener tags. `what` names it for people. */
  readonly TagTraffic: {
    readonly arn: string
    readonly what: string
    readonly tags: Readonly<Record<string, string>>
  }
  /** Takes tags from a service that Steersman gave it. */
  readonly UntagService: { readonly side: Place; readonly keys: readonly string[] }
  /** Lets ECS's own deployment of the one service go on from where it waits. */
  readonly ContinueDeployment: { readonly deployment: string; readonly hook: string }
  /** Ends ECS's own deployment of the one service; ECS goes back by itself, where there is something to go back to. */
  readonly StopDeployment: {
    readonly deployment: string
    /** What the service runs again, as it is written; left out where there is nothing to go back to. */
    readonly backTo?: string
  }
  /** Points the test rule at one side alone. */
  readonly PointTest: { readonly side: Side }
  /** Writes the weights of one production rule. `alone` leaves the group without weight out: sticky clients stay with whatever group is named. */
  readonly SetWeights: { readonly rule: string; readonly weights: SideWeights; readonly alone?: true }
  /** Has a schedule of EventBridge Scheduler run another task definition. */
  readonly PointSchedule: { readonly name: string; readonly group: string; readonly taskDefinition: string }
  /** Has CodeDeploy begin a deployment: of what the rollout brings, or of what it goes back to. */
  readonly StartCodeDeploy: { readonly way: 'Forward' | 'Back'; readonly taskDefinition: string }
  /** Gives CodeDeploy the word for which a deployment waits: to move the traffic, or to end the original tasks. */
  readonly ContinueCodeDeploy: {
    readonly deployment: string
    readonly wait: 'READY_WAIT' | 'TERMINATION_WAIT'
  }
  /** Stops a deployment of CodeDeploy, which rolls it back. */
  readonly StopCodeDeploy: { readonly deployment: string }
  /** Starts the task of a gate, which a rollout does once. */
  readonly RunTask: { readonly gate: string; readonly rollout: string; readonly taskDefinition: string }
  /** Stops the task of a gate, by its ARN. */
  readonly StopTask: { readonly gate: string; readonly task: string }
  /** Asks a gate's question once. */
  readonly ProbeGate: { readonly gate: string; readonly side: Place }
}

export type ActionKind = keyof ActionArguments
export type Action = {
  readonly [Kind in ActionKind]: { readonly kind: Kind } & ActionArguments[Kind]
}[ActionKind]

/** What CodeDeploy is asked for. */
export type CodeDeployAction = Extract<
  Action,
  { kind: 'StartCodeDeploy' | 'ContinueCodeDeploy' | 'StopCodeDeploy' }
>

export const isOfCodeDeploy = (action: Action): action is CodeDeployAction =>
  action.kind === 'StartCodeDeploy' ||
  action.kind === 'ContinueCodeDeploy' ||
  action.kind === 'StopCodeDeploy'

/** What only touches tags: of a service, or of target groups, rules and listeners. */
export type TaggingAction = Extract<Action, { kind: 'TagService' | 'UntagService' | 'TagTraffic' }>

export const isTagging = (action: Action): action is TaggingAction =>
  action.kind === 'TagService' || action.kind === 'UntagService' || action.kind === 'TagTraffic'

/** Whether an action writes to AWS; a gate's request does not. */
export const writes = (action: Action): boolean => action.kind !== 'ProbeGate'

/** The object that an action changes and the value that it gives it: two actions on one object with the same value are one write said twice. */
export function effectOf(action: Action): { readonly object: string; readonly value: string } {
  if (isOfCodeDeploy(action)) return effectOnCodeDeploy(action)
  switch (action.kind) {
    case 'RegisterTaskDefinition':
      return { object: `task-definition/${action.family}`, value: action.digest }
    case 'CreateService':
    case 'UpdateService':
      return {
        object: `service/${action.side}`,
        value: serviceValue(action.taskDefinition, action.desiredCount),
      }
    case 'ScaleService':
      return { object: `service/${action.side}/count`, value: String(action.desiredCount) }
    case 'SetScaling':
      return { object: `scaling/${action.side}`, value: scalingValue(action) }
    case 'ApplySettings':
      return { object: `service/${action.side}/settings`, value: JSON.stringify(action.settings) }
    case 'TagService':
      return { object: tagsObject(action.side), value: JSON.stringify(action.tags) }
    case 'UntagService':
      return { object: tagsObject(action.side), value: JSON.stringify(action.keys) }
    case 'TagTraffic':
      return { object: `${action.arn}/tags`, value: JSON.stringify(action.tags) }
    case 'ContinueDeployment':
      return { object: 'deployment/pause', value: action.hook }
    case 'StopDeployment':
      return action.backTo === undefined
        ? { object: 'deployment/stop', value: action.deployment }
        : { object: 'service/only', value: action.backTo }
    case 'PointTest':
      return { object: 'test-rule', value: action.side }
    case 'SetWeights':
      return { object: `rule/${action.rule}`, value: weightsValue(action.weights) }
    case 'PointSchedule':
      return { object: scheduleObject(action), value: action.taskDefinition }
    case 'RunTask':
      return { object: taskObject(action.gate), value: action.rollout }
    case 'StopTask':
      return { object: `${taskObject(action.gate)}/stop`, value: action.task }
    case 'ProbeGate':
      return { object: `gate/${action.gate}`, value: action.side }
  }
}

function effectOnCodeDeploy(action: CodeDeployAction): ReturnType<typeof effectOf> {
  switch (action.kind) {
    case 'StartCodeDeploy':
      return { object: 'code-deploy', value: `${action.way} ${action.taskDefinition}` }
    case 'ContinueCodeDeploy':
      return { object: 'code-deploy/word', value: `${action.wait} ${action.deployment}` }
    case 'StopCodeDeploy':
      return { object: 'code-deploy/word', value: `stop ${action.deployment}` }
  }
}

const taskObject = (gate: string): string => `gate/${gate}/task`
/** Under which a write to a schedule is remembered. */
export const scheduleObject = ({ group, name }: ScheduleName): string => `schedule/${group}/${name}`
const tagsObject = (side: Place): string => `service/${side}/tags`
/** What a service runs; without a count where that is not what is written. */
export const serviceValue = (taskDefinition: string, desiredCount?: number): string =>
  desiredCount === undefined ? taskDefinition : `${taskDefinition} x ${desiredCount}`
export const scalingValue = ({ minimum, maximum, suspended }: ScalingFacts): string =>
  `${minimum} to ${maximum}, suspended ${suspended}`
export const weightsValue = (weights: SideWeights): string => `blue ${weights.blue}, green ${weights.green}`

/** One line for people: a plan, the timeline, an event. */
export function describeAction(action: Action): string {
  if (isOfCodeDeploy(action)) return describeCodeDeploy(action)
  if (isTagging(action)) return describeTagging(action)
  switch (action.kind) {
    case 'RegisterTaskDefinition':
      return `register a revision of task definition ${action.family}`
    case 'CreateService':
      return `create ${theService(action.side)} with ${countOfTasks(action.desiredCount)} of ${shortTaskDefinition(action.taskDefinition)}`
    case 'UpdateService':
      return `give ${theSide(action.side)} ${ofCount(action.desiredCount)}${shortTaskDefinition(action.taskDefinition)}${action.forceNewDeployment === true ? ' in a new deployment' : ''}`
    case 'ScaleService':
      return `scale ${theSide(action.side)} to ${countOfTasks(action.desiredCount)}`
    case 'SetScaling':
      return `let autoscaling give the ${action.side} side ${action.minimum} to ${action.maximum} tasks${suspendedWords[action.suspended]}`
    case 'ApplySettings':
      return `set ${Object.keys(action.settings).join(', ')} of ${theService(action.side)}`
    case 'ContinueDeployment':
      return "let ECS's deployment go on"
    case 'StopDeployment':
      return `stop ECS's deployment${action.backTo !== undefined ? ', so that it goes back' : ''}`
    case 'PointTest':
      return `point the test rule at the ${action.side} side`
    case 'SetWeights':
      return `set the weights of ${shortArn(action.rule)} to ${weightsText(action)}`
    case 'PointSchedule':
      return `point schedule ${scheduleText(action)} at ${shortTaskDefinition(action.taskDefinition)}`
    case 'RunTask':
      return `run the task of gate ${action.gate} with ${shortTaskDefinition(action.taskDefinition)}`
    case 'StopTask':
      return `stop the task of gate ${action.gate}`
    case 'ProbeGate':
      return `ask gate ${action.gate} about ${theSide(action.side)}`
  }
}

function describeTagging(action: TaggingAction): string {
  if (action.kind === 'UntagService')
    return `take the tags ${action.keys.join(', ')} from ${theService(action.side)}`
  const what = action.kind === 'TagTraffic' ? action.what : theService(action.side)
  return `tag ${what} with ${Object.keys(action.tags).join(', ')}`
}

const weightsText = ({ weights, alone }: ActionArguments['SetWeights']): string =>
  `${weightsValue(weights)}${alone === true ? ' alone' : ''}`

/** A schedule for people: without the group where that is the default one. */
export const scheduleText = ({ group, name }: ScheduleName): string =>
  group === 'default' ? name : `${group}/${name}`

function describeCodeDeploy(action: CodeDeployAction): string {
  switch (action.kind) {
    case 'StartCodeDeploy':
      return `have CodeDeploy deploy ${shortTaskDefinition(action.taskDefinition)}${action.way === 'Back' ? ' again' : ''}`
    case 'ContinueCodeDeploy':
      return action.wait === 'READY_WAIT'
        ? `let deployment ${action.deployment} move the traffic`
        : `let deployment ${action.deployment} end the original tasks`
    case 'StopCodeDeploy':
      return `stop deployment ${action.deployment}, which CodeDeploy rolls back`
  }
}

const suspendedWords: Readonly<Record<ActionArguments['SetScaling']['suspended'], string>> = {
  None: '',
  ScaleIn: ', and take none away for now',
  All: ', and change nothing for now',
}

/** The kind and the last part of a listener's or rule's ARN. */
const shortArn = (arn: string): string =>
  `${/:(listener(?:-rule)?)\//.exec(arn)?.[1] ?? 'rule'} ${arn.slice(arn.lastIndexOf('/') + 1)}`

/** `family:revision` out of a task definition's ARN. */
export const shortTaskDefinition = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)

/** A side of a pair in words; the only service has none. */
export const theSide = (place: Place): string => (place === 'only' ? 'the service' : `the ${place} side`)

/** A service in words. */
export const theService = (place: Place): string =>
  place === 'only' ? 'the service' : `the ${place} service`

const ofCount = (tasks: number | undefined): string =>
  tasks === undefined ? '' : `${countOfTasks(tasks)} of `

/** A number of tasks, in words. */
export const countOfTasks = (tasks: number): string => (tasks === 1 ? '1 task' : `${tasks} tasks`)
