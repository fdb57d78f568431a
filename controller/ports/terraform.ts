/** The Terraform CLI (or OpenTofu's), run apart from everything that the controller knows. */

export interface TerraformVersion {
  readonly product: 'Terraform' | 'OpenTofu'
  /** For example `1.11.4`. */
  readonly version: string
}

/** A file of the commit, by its path from the repository's root. */
export interface TerraformFile {
  readonly path: string
  readonly text: string
}

/** One root in one workspace, exactly as a commit has it. */
export interface TerraformRequest {
  /** Whose it is: environments take turns when more want to run than may. */
  readonly environment: string
  /** All files that Terraform may see: of the root, and of the local modules that it uses. */
  readonly files: readonly TerraformFile[]
  /** Folder of the root. */
  readonly root: string
  /** `create` makes a workspace that is missing, which writes to the backend. */
  readonly workspace: { readonly name: string; readonly create: boolean }
  /** As `init -backend-config` takes them. Never a secret. */
  readonly backendConfig: Readonly<Record<string, unknown>>
  /** Relative to the root, in order. */
  readonly varFiles: readonly string[]
  /** Only variables that the root declares. */
  readonly variables: Readonly<Record<string, unknown>>
  /** Environment variables for the providers and the backend, such as `AWS_REGION` and short-lived keys: all that Terraform knows of our credentials. */
  readonly credentials: Readonly<Record<string, string>>
  /** Taken out of whatever is told, beside the credentials and what plans mark as sensitive. */
  readonly secrets: readonly string[]
  /** Aborting interrupts Terraform, which then saves its state and frees its lock. An apply that does not heed that in time goes on, and can be followed. */
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: TerraformEvent) => void) | undefined
}

/** What Terraform says while it works. No value of an attribute is among it. */
export type TerraformEvent =
  | {
      readonly type: 'ResourceStarted' | 'ResourceProgress' | 'ResourceCompleted' | 'ResourceFailed'
      readonly address: string
      /** As Terraform calls it: `create`, `update`, `delete`, … */
      readonly action: string
      readonly elapsedSeconds: number
    }
  | { readonly type: 'Warning'; readonly message: string }

/** Who holds the lock of a state, as the backend tells it. */
export interface StateLock {
  readonly id: string
  /** `user@host` of the process that took it. */
  readonly who: string
  /** For example `OperationTypeApply`. */
  readonly operation: string
  /** Milliseconds since the epoch; undefined where it can't be read. */
  readonly since: number | undefined
  readonly path: string
}

export type PlanResult =
  | {
      readonly result: 'Planned'
      /** Whether Terraform would do anything, outputs included. */
      readonly hasChanges: boolean
      /** What `show -json` says of the saved plan. It holds secrets in clear. */
      readonly json: unknown
      /** `sha256:…` of the saved plan: what an approval names. */
      readonly digest: string
    }
  | { readonly result: 'StateLocked'; readonly lock: StateLock }

export type ApplyResult =
  { readonly result: 'Applied' } | { readonly result: 'StateLocked'; readonly lock: StateLock }

/** A process of this machine that may outlive us: found again by its number and the moment at which it began. */
export interface TerraformProcess {
  readonly host: string
  /** Of the boot of the machine, and in a container of its process namespace: each gives process numbers out anew. Empty where the platform tells none. */
  readonly boot: string
  readonly pid: number
  /** As the operating system counts; a number that was given out again has another. */
  readonly startTime: string
}

/** An apply under way. */
export interface RunningApply {
  readonly process: TerraformProcess
  /** Where it works; removed when it is over. */
  readonly directory: string
  /** Undefined until it was read from the backend while this very process held it. */
  readonly lockId: string | undefined
}

/** One initialised root. Calls come one after the other. */
export interface TerraformSession {
  /** `OtherUser`: Terraform can't read the controller's memory, environment or files. `SameUser`: the operating system would let it. */
  readonly isolation: 'OtherUser' | 'SameUser'
  /** `lockTimeoutMs` undefined takes no lock at all: for a look that writes nothing. */
  plan(request: {
    readonly isRefreshOnly: boolean
    readonly lockTimeoutMs: number | undefined
  }): Promise<PlanResult>
  /** Applies the plan that was saved last, if it still has this digest. */
  apply(request: {
    readonly digest: string
    readonly lockTimeoutMs: number
    /**
     * Called once Terraform runs, and again as soon as the state's lock is known to be its own: what must be stored, so that whoever comes after a
     * controller that died can follow it or prove the lock to be ours. A rejection interrupts Terraform and is passed on.
     */
    readonly onRunning?: ((running: RunningApply) => Promise<void>) | undefined
  }): Promise<ApplyResult>
  /** Frees the lock if its id is still this one. Throws `StateLockChanged` when it is another, or none, and `StateUnlockFailed` when it can't be freed. */
  unlock(id: string): Promise<void>
  /** Number of the state's newest version; 0 where there is none yet. */
  serial(): Promise<number>
  /** What the state has as the root's outputs; sensitive ones are left out. */
  outputs(): Promise<Readonly<Record<string, unknown>>>
  /** Removes everything that was laid out, plan and logs included; nothing while an apply goes on in it. */
  close(): Promise<void>
}

/**
 * Errors are PortErrors with codes `TerraformMissing`, `TerraformUnsupported`, `TerraformInvalid`, `TerraformInitFailed`,
 * `TerraformPlanFailed`, `TerraformTooLarge`, `WorkspaceMissing`, `StateLockChanged` (stall), `StateUnlockFailed`, `TerraformApplyFailed` (stall, ambiguous),
 * `SavedPlanStale`, `TerraformTimedOut`, `TerraformAborted` (retry).
 */
export interface Terraform {
  /** What a session's isolation will be. */
  readonly isolation: TerraformSession['isolation']
  /** Of the program that is run; refuses one that is too old. */
  version(): Promise<TerraformVersion>
  /** The blocks of an HCL file as data: expressions are texts with `${…}`. Throws `TerraformInvalid` with file, line and column. */
  parse(file: TerraformFile): Promise<Readonly<Record<string, unknown>>>
  /** Waits for its turn, lays the files out in a private directory, initialises the root and selects the workspace. */
  open(request: TerraformRequest): Promise<TerraformSession>
  /**
   * Follows an apply whose controller is gone to its end, and removes its directory. `Ended`: that process runs no more, and holds no lock
   * that it will free. `Elsewhere`: it runs, or ran, on another machine or in another container of this one, and nothing can be said. Events come from the
   * beginning, without warnings. Rejects with `TerraformAborted` when the signal comes first.
   */
  follow(
    running: RunningApply,
    options: {
      readonly signal?: AbortSignal | undefined
      readonly onEvent?: ((event: TerraformEvent) => void) | undefined
    },
  ): Promise<'Ended' | 'Elsewhere'>
  /** Ends what controllers that are gone left running, and removes their directories; applies that still run, and their directories, stay. */
  clean(): Promise<void>
}
