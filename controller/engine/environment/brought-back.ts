import type { Desire, EnvironmentState } from '../engine.ts'

type Desires = EnvironmentState['desires']

/**
 * Releases that are wanted back at a verified version and were not before. They wait for nothing that can wait: neither for the tag and the status, nor for the look
 * at all releases.
 */
export const broughtBack = (before: Desires, now: Desires): readonly string[] =>
  [...(now ?? [])]
    .filter(
      ([release, desire]) =>
        desire.kind === 'Ready' &&
        desire.release.goesBack === true &&
        digestOf(before?.get(release)) !== desire.release.digest,
    )
    .map(([release]) => release)

const digestOf = (desire: Desire | undefined): string | undefined =>
  desire?.kind === 'Ready' ? desire.release.digest : undefined
