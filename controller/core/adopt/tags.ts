import type { Side } from '../observation.ts'

export const ENVIRONMENT_TAG = 'steersman.dev/environment'
export const RELEASE_TAG = 'steersman.dev/release'
const SIDE_TAG = 'steersman.dev/side'

/** The tags by which a side's parts say whose they are, as a service has them that Steersman creates. */
export const ownTags = (
  { environment, release }: { readonly environment: string; readonly release: string },
  side: Side,
): Readonly<Record<string, string>> => ({
  [ENVIRONMENT_TAG]: environment,
  [RELEASE_TAG]: release,
  [SIDE_TAG]: side,
})

/** Tags that people gave: neither AWS's own, nor Steersman's. */
export const peoplesTags = (tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(tags).filter(([key]) => !key.startsWith('aws:') && !key.startsWith('steersman.dev/')),
  )
