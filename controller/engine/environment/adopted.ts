import { hasContentOf } from '../../core/adopt/same-content.ts'
import type { Desire, EnvironmentState } from '../engine.ts'
import type { DefaultedRelease } from '../../resources/types.ts'
import { problemOf } from './pins.ts'

/**
 * The revision that the release was adopted with, as long as it has the content that is wanted: then nothing is registered. Where it is gone, or has another
 * content, the release's own is registered as usual.
 */
export async function adoptedOr(
  state: EnvironmentState,
  release: DefaultedRelease,
  desire: Desire,
): Promise<Desire> {
  if (desire.kind !== 'Ready' || desire.rendered === undefined) return desire
  const arn = release.spec.adopted?.taskDefinition
  if (arn === undefined) return desire
  const revision = await state.connections.platform.taskDefinition(arn)
  if (
    revision?.status !== 'ACTIVE' ||
    !hasContentOf(revision, { release: desire.release, rendered: desire.rendered })
  )
    return desire
  const problem = problemOf(state, release, revision)
  if (problem !== undefined) return notAllowed(arn, problem.message)
  return withRevision(desire, arn)
}

/** What is wanted, with the revision that has its content already. */
export const withRevision = (desire: Extract<Desire, { kind: 'Ready' }>, arn: string): Desire => ({
  ...desire,
  release: { ...desire.release, version: { ...desire.release.version, taskDefinition: arn } },
})

/** What becomes of a release whose adopted revision the environment does not allow. */
export const notAllowed = (arn: string, message: string): Desire => ({
  kind: 'Stalled',
  reason: 'AdoptedNotAllowed',
  message: `the adopted task definition ${arn}: ${message}`,
})
