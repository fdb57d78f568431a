import type { NewObject } from '../../controller/ports/store.ts'
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
