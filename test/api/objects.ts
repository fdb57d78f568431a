import type { NewObject, Store } from '../../controller/ports/store.ts'
import { ENVIRONMENT_LABEL, RELEASE_LABEL } from '../../controller/resources/metadata.ts'
import type { ReleaseKey } from '../../controller/resources/names.ts'
import { releaseObjectName, rolloutObjectName } from '../../controller/resources/names.ts'
import type { EnvironmentStatus, ReleaseStatus, RolloutStatus } from '../../controller/resources/types.ts'
import { environmentDocument, releaseDocument, rolloutDocument } from '../resources/documents.ts'

type Fields = Readonly<Record<string, unknown>>

const plain = (value: object): Fields => JSON.parse(JSON.stringify(value)) as Fields

/** An Environment as the controller stores it. */
export const environmentObject = (
  name: string,
  status: EnvironmentStatus = {},
  spec: Record<string, unknown> = {},
): NewObject => ({
  kind: 'Environment',
  metadata: { name },
  spec: environmentDocument({ ...spec }, { branch: name })['spec'] as Fields,
  status: plain(status),
})

/** A Release as the controller stores it. */
export const releaseObject = (
  key: ReleaseKey,
  status: ReleaseStatus = {},
  spec: Record<string, unknown> = {},
): NewObject => ({
  kind: 'Release',
  metadata: { name: releaseObjectName(key), labels: labels(key) },
  spec: releaseDocument(spec, key.release)['spec'] as Fields,
  status: plain(status),
})

/** A Rollout as the controller stores it. */
export const rolloutObject = (
  key: ReleaseKey & { readonly number: number },
  status: RolloutStatus = {},
  spec: Record<string, unknown> = {},
): NewObject => ({
  kind: 'Rollout',
  metadata: { name: rolloutObjectName(key), labels: labels(key) },
  spec: rolloutDocument({ ...key, ...spec })['spec'] as Fields,
  status: plain(status),
})

const labels = ({ environment, release }: ReleaseKey) => ({
  [ENVIRONMENT_LABEL]: environment,
  [RELEASE_LABEL]: release,
})

/** Two environments with one release each, and two rollouts of the first. */
export async function fill(store: Store): Promise<void> {
  for (const environment of ['demo', 'prod']) {
    await store.create(environmentObject(environment))
    await store.create(releaseObject({ environment, release: 'web' }))
  }
  await store.create(
    rolloutObject({ environment: 'demo', release: 'web', number: 1 }, { phase: 'Succeeded' }),
  )
  await store.create(
    rolloutObject({ environment: 'demo', release: 'web', number: 2 }, { phase: 'Verifying' }),
  )
  await store.create(
    rolloutObject({ environment: 'prod', release: 'web', number: 1 }, { phase: 'RolledBack' }),
  )
}
