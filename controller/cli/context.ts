import type { ApiClient } from '../api/client.ts'
import type { Adoption, Move } from '../core/adopt.ts'
import type { CodeDeployReference } from '../core/code-deploy.ts'
import type { AttributedChange } from '../core/drifted-fields.ts'
import type { InfrastructureDrift } from '../core/infrastructure/drift.ts'
import type { JudgedEnvironment, Judgement } from '../core/infrastructure/judge.ts'
import type { ApplyPolicy, Permission } from '../core/infrastructure/permission.ts'
import type { RootIssue, RootPolicy } from '../core/infrastructure/root.ts'
import type { SourceFile } from '../core/manifest.ts'
import type { StateLock, TerraformEvent } from '../ports/terraform.ts'
import type { ReleaseKey } from '../resources/names.ts'
import type { Engine, Pin } from '../resources/types.ts'

/** Where a command writes. */
export interface Terminal {
  /** Standard output: the answer, and nothing else. */
  out(text: string): void
  /** Standard error. */
  error(text: string): void
  /** Asks a person, on standard error; undefined where nobody is at the terminal. */
  ask?(question: string): Promise<string>
  readonly isTerminal: boolean
  readonly hasColor: boolean
  readonly columns: number
}

export interface RunRequest {
  readonly config: string
  readonly listen: string | undefined
  readonly logLevel: string | undefined
}

export interface DemoRequest {
  readonly once: boolean
  readonly port: number | undefined
  /** Undefined: as it suits. */
  readonly terraform: boolean | undefined
  readonly json: boolean
}

export interface SandboxRequest {
  readonly port: number
  readonly stateFile: string | undefined
  readonly speed: number | undefined
  readonly strict: boolean
  /** Told once it listens. */
  readonly onListening: (url: string) => void
}

export interface PinRequest extends ReleaseKey {
  readonly config: string
  readonly pin: Pin
  /** Says in the commit why. */
  readonly message: string
  /** Left out: it is pushed to the environment's branch itself. */
  readonly pullRequest?: {
    /** `github` or `gitlab`, with `=<address of its API>` where that does not follow from the repository's host; undefined: its name says it. */
    readonly forge: string | undefined
  }
}

export interface PinResult {
  readonly branch: string
  /** The page of the pull request, where one was asked for and there was something to commit. */
  readonly pullRequest?: string
  readonly path: string
  /** Undefined: the branch says so already, nothing was committed. */
  readonly commit: string | undefined
}

export interface AdoptRequest {
  readonly cluster: string
  readonly service: string
  /** Left out, nothing is known of the environment but its name. */
  readonly config: string | undefined
  /** Left out: the only one of the config. */
  readonly environment: string | undefined
  /** Left out: the environment's, else AWS_REGION. */
  readonly region: string | undefined
  readonly release: string | undefined
  readonly testPort: number | undefined
  readonly isAutoscaled: boolean
  /** Left out: the one by which the service is deployed now. */
  readonly engine: Engine | undefined
  readonly deploymentGroup: CodeDeployReference | undefined
  readonly greenService: string | undefined
  readonly greenTargetGroup: string | undefined
  /** Makes the moves; left out, nothing is written. */
  readonly making: { agrees(move: Move): Promise<boolean>; made(move: Move): void } | undefined
  readonly signal: AbortSignal
}

export interface AdoptResult {
  readonly environment: string
  /** Undefined where no config names it. */
  readonly branch: string | undefined
  readonly adoption: Adoption
}

/** What the controller would do, by the same decision. */
export type Preview = PreviewedRelease | PreviewedInfrastructure

export interface PreviewedInfrastructure {
  readonly environment: string
  readonly infrastructure: PlannedEnvironment
}

export interface PreviewedRelease {
  readonly environment: string
  readonly release: string
  readonly changes: readonly AttributedChange[]
  /** In order, each as one line. */
  readonly actions: readonly string[]
  /** What keeps the release from going on; undefined when nothing does. */
  readonly blocked: string | undefined
  /** Other releases that its actions wait for, or are taken together with, in words. */
  readonly order: readonly string[]
}

export interface DiffRequest {
  readonly config: string
  readonly environment: string | undefined
  readonly release: string | undefined
  /** A branch whose head is looked at as if it were merged; left out, what the environment wants now. */
  readonly branch: string | undefined
  /** Whether Terraform may be started, where the commit gives it something new. */
  readonly plans: boolean
  readonly signal: AbortSignal
}

/** A Terraform root, as the head of a branch has it. */
export interface PlanRequest {
  /** Path of a clone. */
  readonly repository: string
  readonly branch: string
  readonly root: string
  readonly workspace: string
  readonly varFiles: readonly string[]
  readonly backendConfig: Readonly<Record<string, unknown>>
  /** Given where the root declares them. */
  readonly variables: Readonly<Record<string, unknown>>
  readonly binary: 'terraform' | 'tofu'
  readonly policy: RootPolicy
  readonly environment: JudgedEnvironment
  readonly apply: ApplyPolicy
  readonly signal: AbortSignal
  readonly onEvent: (event: TerraformEvent) => void
}

/** What the look came to. */
export type Planned =
  | { readonly result: 'RootRefused'; readonly issues: readonly RootIssue[] }
  | { readonly result: 'StateLocked'; readonly lock: StateLock }
  | {
      readonly result: 'Planned'
      readonly commit: string
      readonly planDigest: string
      readonly inputDigest: string
      readonly judgement: Judgement
      readonly permission: Permission
      readonly drift: readonly InfrastructureDrift[]
      readonly isolation: 'OtherUser' | 'SameUser'
    }

/** The root of an environment, as the head of a branch has it. */
export interface PlanEnvironmentRequest {
  readonly config: string
  readonly environment: string
  /** Left out, the environment's own. */
  readonly branch: string | undefined
  readonly signal: AbortSignal
  readonly onEvent: (event: TerraformEvent) => void
}

export type PlannedEnvironment =
  | Planned
  /** The commit gives Terraform what was applied before; it was not started. */
  | { readonly result: 'Unchanged' }
  /** Terraform was not started, or could not be asked. */
  | { readonly result: 'Waits'; readonly message: string }

/** What needs adapters, servers or the disk: handed in by main.ts, loaded only when it is called. Numbers are exit codes. */
export interface Starters {
  readonly version: string
  run(request: RunRequest): Promise<number>
  demo(request: DemoRequest): Promise<number>
  /** Until SIGINT or SIGTERM. */
  sandbox(request: SandboxRequest): Promise<number>
  /** Every file below a folder (paths relative to it, with slashes), or the one file itself; links are entries, not followed. */
  readTree(path: string): Promise<readonly SourceFile[]>
  /** Undefined when there is no such file; refused over `limitBytes`, or a manifest's limit. */
  readFile(path: string, limitBytes?: number): Promise<SourceFile | undefined>
  /** Writes nothing. Without a release, all of the environment; without an environment, all. */
  diffLive(request: DiffRequest): Promise<readonly Preview[]>
  /** Plans an environment's root and judges the plan. Writes nothing. */
  planEnvironment(request: PlanEnvironmentRequest): Promise<PlannedEnvironment>
  /** Plans a Terraform root and judges the plan. Writes nothing. */
  planRoot(request: PlanRequest): Promise<Planned>
  /** Commits the pin, or with null its removal, to the environment's branch. */
  commitPin(request: PinRequest): Promise<PinResult>
  /** Says what it takes to adopt a service and, where it is asked to, makes the moves. */
  adopt(request: AdoptRequest): Promise<AdoptResult>
  /** Writes files below a folder; refuses before anything is written where one is there with another content. */
  writeFiles(
    folder: string,
    files: readonly { readonly path: string; readonly text: string }[],
  ): Promise<void>
  /** The CustomResourceDefinitions, one YAML text each. */
  customResourceDefinitions(): Promise<readonly string[]>
}

/** What every verb is given. */
export interface CommandContext {
  readonly terminal: Terminal
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly starters: Starters
  /** A client of the running controller; undefined stands for the usual address. */
  client(server: string | undefined): ApiClient
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal
  /** Milliseconds since the epoch. */
  now(): number
}
