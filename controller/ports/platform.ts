import type { StartedTask } from '../core/gate/task-look.ts'
import type {
  ScalingFacts,
  ServiceDeploymentFacts,
  ServiceFacts,
  TaskDefinitionFacts,
  TaskFacts,
} from '../core/observation.ts'
import type { Asked } from './asked.ts'

export interface ServiceReference {
  readonly cluster: string
  readonly name: string
}

/** ECS's own JSON, with ECS's own member names. */
export type EcsDocument = Readonly<Record<string, unknown>>

export interface ServiceTarget {
  readonly targetGroupArn: string
  readonly containerName: string
  readonly containerPort: number
}

export interface CreateServiceRequest {
  readonly service: ServiceReference
  readonly taskDefinition: string
  readonly desiredCount: number
  /** Where the service registers its tasks; left out for one that nobody sends requests to. */
  readonly target?: ServiceTarget
  /** CreateService fields by ECS's own names, already checked against the allow list. */
  readonly settings: EcsDocument
  /** At most 36 characters; the same for every repetition of one intent. */
  readonly clientToken: string
  readonly tags: Readonly<Record<string, string>>
}

/** Absolute state: what is named is set, what is left out stays. UpdateService has no token, so a repetition must not change anything. */
export interface UpdateServiceRequest {
  readonly service: ServiceReference
  readonly taskDefinition?: string
  readonly desiredCount?: number
  /** Starts a deployment although nothing of it changed. */
  readonly forceNewDeployment?: true
  readonly settings?: EcsDocument
}

/** One task outside any service, with another command in one of its containers. */
export interface RunTaskRequest {
  readonly cluster: string
  readonly taskDefinition: string
  readonly container: string
  readonly command: readonly string[]
  /** RunTask fields by ECS's own names: network, capacity and placement. */
  readonly settings: EcsDocument
  /** At most 128 letters, numbers, hyphens, slashes and underscores. */
  readonly startedBy: string
  /** At most 64 characters; the same for every repetition of one intent. ECS remembers it for 24 hours. */
  readonly clientToken: string
  readonly tags: Readonly<Record<string, string>>
}

/** What a write to AWS answered. */
export interface Receipt {
  /** AWS's request id, for support and the timeline. */
  readonly requestId: string | undefined
}

/** Amazon ECS in one account and region, with the autoscaling of its services. Reads may be eventually consistent; each write is one attempt with a timeout shorter than the lease. */
export interface Platform {
  /** Facts of each service in the order asked; null for one that does not exist. Batched ten to a call. */
  services(references: readonly ServiceReference[], asked?: Asked): Promise<readonly (ServiceFacts | null)[]>
  /** A deployment by which ECS itself brings a version; null where ECS does not know it, or not any more. Batched twenty to a call. */
  serviceDeployment(arn: string, asked?: Asked): Promise<ServiceDeploymentFacts | null>
  /** Lets a deployment go on from the pause of that hook; one that does not wait there any more is a `wait`. */
  continueDeployment(request: { readonly deployment: string; readonly hook: string }): Promise<Receipt>
  /** Ends a deployment that is under way. With `goesBack` ECS leads the traffic back to the revision before. */
  stopDeployment(request: { readonly deployment: string; readonly goesBack: boolean }): Promise<Receipt>
  /** A revision by ARN never changes and is cached for ever; undefined when it does not exist. */
  taskDefinition(arn: string): Promise<TaskDefinitionFacts | undefined>
  /** The newest active revision of a family, with its tags; undefined when the family is new. Always a fresh read. */
  newestTaskDefinition(family: string): Promise<TaskDefinitionFacts | undefined>
  /** The service's tasks that are not stopped, with their addresses. */
  tasks(reference: ServiceReference, asked?: Asked): Promise<readonly TaskFacts[]>
  /** Tasks that somebody started outside services, those too that have stopped within the last hour or so. */
  tasksStartedBy(starter: {
    readonly cluster: string
    readonly startedBy: string
  }): Promise<readonly StartedTask[]>
  /** Undefined where ECS does not know it, or not any more. */
  startedTask(task: { readonly cluster: string; readonly arn: string }): Promise<StartedTask | undefined>
  /** Starts one task; the same one again for the same client token. */
  runTask(request: RunTaskRequest): Promise<Receipt & { readonly task: StartedTask }>
  /** Stops a task; one that has stopped already stays so. */
  stopTask(request: {
    readonly cluster: string
    readonly task: string
    /** What ECS shows as the task's stopped reason. */
    readonly reason: string
  }): Promise<Receipt>
  registerTaskDefinition(request: {
    readonly document: EcsDocument
    readonly tags: Readonly<Record<string, string>>
  }): Promise<Receipt & { readonly taskDefinition: TaskDefinitionFacts }>
  createService(request: CreateServiceRequest): Promise<Receipt & { readonly service: ServiceFacts }>
  updateService(request: UpdateServiceRequest): Promise<Receipt & { readonly service: ServiceFacts }>
  /** Adds tags to a service, or changes those that it has. */
  tagService(request: {
    readonly arn: string
    readonly tags: Readonly<Record<string, string>>
  }): Promise<Receipt>
  /** What autoscaling may do to each service in the order asked; null for one that it does not know. Batched fifty to a call. */
  scaling(references: readonly ServiceReference[], asked?: Asked): Promise<readonly (ScalingFacts | null)[]>
  /** Says what autoscaling may do to a service that it knows: absolute state, so a repetition changes nothing. */
  setScaling(
    request: { readonly service: ServiceReference } & Omit<ScalingFacts, 'suspended'> & {
        readonly suspended: Exclude<ScalingFacts['suspended'], 'Other'>
      },
  ): Promise<Receipt>
  /** Takes tags from a service; one that it does not have is none. */
  untagService(request: { readonly arn: string; readonly keys: readonly string[] }): Promise<Receipt>
}
