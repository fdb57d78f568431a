/** How much goes wrong. */
export type FaultLevel = 'none' | 'mild' | 'harsh'

/** Something that comes from outside at a time: plain data, so that a story can be printed, shortened and played again. */
export interface Happening {
  /** Virtual milliseconds since the start. */
  readonly atMs: number
  readonly kind: string
  readonly with: Readonly<Record<string, string | number>>
  /** It waits, from its time on and for a while, until a rollout enters this phase. */
  readonly during?: string
  /** It strikes so long after the rollout has entered it; default: at once. */
  readonly delayMs?: number
}

/** `core`: its decisions straight on the world; `full`: engine, adapters and SDK clients too. */
export type Depth = 'full' | 'core'

/** What a run plays. */
export interface Story {
  readonly scenario: string
  /** Left out: full. */
  readonly depth?: Depth
  readonly seed: number
  readonly releases: readonly string[]
  readonly desiredCount: number
  /** Default FARGATE. */
  readonly launchType?: 'FARGATE' | 'EC2'
  /** `named`: several rules by host and path for each release, on listeners that other teams use too; default: listeners of its own. */
  readonly rules?: 'named'
  /** Production rules keep a client with the side that it was sent to; default: they do not. */
  readonly sticky?: true
  /** `inline`: task definitions are in the Releases, with a secret in them; `sidecars`: each has a proxy with an image of its own; default: in files of their own. */
  readonly content?: 'inline' | 'sidecars'
  /** `outputs`: Terraform makes the infrastructure first, and registers the task definitions; `beside`: it makes the rest only; default: there is none. */
  readonly infrastructure?: 'outputs' | 'beside'
  /** `careful`: a version is verified for 20 s and baked for 40 s; default: for a moment, and for 8 s. */
  readonly pace?: 'careful'
  /**
   * `people`: gates at every stage, and people who decide at some; `task`: a migration before anything is provisioned; `outside`: gates of every kind that
   * asks somebody else; default: one at Verify.
   */
  readonly gates?: 'people' | 'task' | 'outside'
  /** `tracked`: releases leave their counts to autoscaling; default: each commit says them. */
  readonly scaling?: 'tracked'
  /** `named`: each release has two schedules, which Terraform made; default: none. */
  readonly schedules?: 'named'
  /**
   * `canary`: 10 % for 20 s, then half for 30 s; `linear`: 30 % more every 10 s; `rolling`: each release is one service without a load balancer; `native`: each
   * is one service whose traffic ECS moves; `code-deploy`: the same by CodeDeploy; default: all at once.
   */
  readonly strategy?: 'canary' | 'linear' | 'rolling' | 'native' | 'code-deploy'
  /** `Always`: a newer version ends a running rollout whatever it has come to; default: before its first weight. */
  readonly supersede?: 'Always'
  /** Alarms and Prometheus watch each bake of 90 s; what was red already fails a version or, as the other one says, does not; default: nobody watches. */
  readonly watched?: 'strictly' | 'but for what was red'
  /** Images must have been scanned, and nothing above HIGH found in them; default: nobody asks for that. */
  readonly scans?: 'required'
  /** Each release names all settings of its services, and leaves one of them to others; default: it names few. */
  readonly settings?: 'named'
  /** `ordered`: each release depends on the one before it; `together`: all are of one group; default: each goes its own way. */
  readonly relations?: 'ordered' | 'together'
  /** The services served before Steersman came, and were adopted; default: there is nothing yet. */
  readonly adopted?: true
  /** `queue`: AWS tells of changes by a queue, and everything is looked at every three minutes only; default: nobody tells, and it is looked at every 30 s. */
  readonly news?: 'queue'
  /** How many controllers there are on the one store. */
  readonly seats: number
  /** `table`: the controllers share a DynamoDB table, `cluster`: a Kubernetes cluster, and each is on a machine of its own; default: one data directory. */
  readonly store?: 'table' | 'cluster'
  /** Over how many leases environments are spread, where there is a table; default 1. */
  readonly shards?: number
  /** The controllers can't tell of each other's processes whether they are there, as in containers. */
  readonly apart?: true
  /** So long after the last happening, and after the last write to AWS, everything counts as at rest; in milliseconds, default 4 minutes. */
  readonly quietMs?: number
  /** In order of time. */
  readonly happenings: readonly Happening[]
}
