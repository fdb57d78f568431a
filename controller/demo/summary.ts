import type { Stage } from './stage.ts'
import { now, rollouts } from './stage.ts'

/** What `demo --once -o json` prints: all of it measured. */
export interface Summary {
  readonly ok: boolean
  readonly requests: number
  readonly failed: number
  readonly swaps: number
  readonly refused: number
  readonly driftCorrected: number
  /** The record that `deploy/demo/current` stands at. */
  readonly tag: string
  readonly seconds: number
  /** The first answer that was not as it should be. */
  readonly firstFailure?: string
}

export async function summarize(
  stage: Stage,
  {
    told,
    startedAt,
  }: { readonly told: { readonly ok: boolean; readonly driftCorrected: number }; readonly startedAt: number },
): Promise<Summary> {
  const { requests, failed } = stage.load.counts()
  const firstFailure = stage.load.firstFailure()
  const all = await rollouts(stage)
  const withOutcome = (outcome: string): number =>
    all.filter((rollout) => rollout.status?.outcome === outcome).length
  const number = (await now(stage))?.environment.status?.deployed?.number
  return {
    ok: told.ok && failed === 0 && requests > 0,
    requests,
    failed,
    swaps: withOutcome('Succeeded'),
    refused: withOutcome('RolledBack'),
    driftCorrected: told.driftCorrected,
    tag: number === undefined ? 'none' : `deploy/demo/${number}`,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    ...(firstFailure === undefined ? {} : { firstFailure }),
  }
}
