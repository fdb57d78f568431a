import { setTimeout as pause } from 'node:timers/promises'
import type { ApiClient, EnvironmentView, ReleaseView, RolloutView } from '../api/client.ts'
import type { Cloud } from './cloud.ts'
import type { Load } from './load.ts'
import type { Shop } from './shop.ts'

/** All that the story plays with. */
export interface Stage {
  readonly shop: Shop
  readonly cloud: Cloud
  readonly load: Load
  readonly client: ApiClient
  readonly controllerUrl: string
  /** Whether Terraform makes the infrastructure of each commit first. */
  readonly isTerraform: boolean
  readonly say: (line: string) => void
  /** Aborted when somebody asks the demo to end, in the middle of the story too. */
  readonly signal: AbortSignal
}

/** One promise and whether it was seen to hold. */
export interface Check {
  readonly what: string
  readonly seen: boolean
}

export interface ChapterResult {
  readonly checks: readonly Check[]
  readonly driftCorrected?: number
}

export interface Chapter {
  readonly title: string
  play(stage: Stage): Promise<ChapterResult>
}

export const releaseKey = { environment: 'demo', release: 'web' } as const

/** Longest wait for one thing: several times what it takes here. */
const LIMIT_MS = 45_000
/** The same where Terraform plans and applies first. */
const TERRAFORM_LIMIT_MS = 180_000
const LOOK_EVERY_MS = 50

/** Looks until something holds; resolves to whether it did in time, and rejects when the demo is asked to end. */
export async function until(
  { signal }: Pick<Stage, 'signal'>,
  look: () => Promise<boolean>,
  limitMs = LIMIT_MS,
): Promise<boolean> {
  const end = performance.now() + limitMs
  while (performance.now() < end) {
    signal.throwIfAborted()
    if (await look()) return true
    await pause(LOOK_EVERY_MS, undefined, { signal })
  }
  return false
}

/** The release and its environment as the API shows them now; undefined before they exist. */
export async function now({
  client,
}: Stage): Promise<{ readonly environment: EnvironmentView; readonly release: ReleaseView } | undefined> {
  try {
    const [environment, release] = await Promise.all([
      client.environment(releaseKey.environment),
      client.release(releaseKey),
    ])
    return { environment, release }
  } catch {
    return undefined
  }
}

/** Waits until the commit's releases serve and the tag says so. */
export function untilDeployed(stage: Stage, commit: string): Promise<boolean> {
  return until(
    stage,
    async () => {
      const seen = await now(stage)
      return seen?.environment.status?.deployed?.commit === commit && isReady(seen.release)
    },
    patienceMs(stage),
  )
}

/** How long a rollout may take from its commit on. */
const patienceMs = ({ isTerraform }: Stage): number => (isTerraform ? TERRAFORM_LIMIT_MS : LIMIT_MS)

const isReady = (release: ReleaseView): boolean =>
  release.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false

/** Newest first. */
export async function rollouts({ client }: Stage): Promise<readonly RolloutView[]> {
  return (await client.rollouts({ ...releaseKey, limit: 100 })).items
}

/** Waits until a rollout with this number has ended; undefined when it has not in time. */
export async function ended(stage: Stage, number: number): Promise<RolloutView | undefined> {
  let found: RolloutView | undefined
  await until(
    stage,
    async () => {
      found = (await rollouts(stage)).find(
        (rollout) =>
          rollout.spec.number === number &&
          rollout.status?.outcome !== undefined &&
          rollout.status.finishedAt !== undefined,
      )
      return found !== undefined
    },
    patienceMs(stage),
  )
  return found
}
