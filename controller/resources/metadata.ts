/** The part of Kubernetes' ObjectMeta that stored objects carry; documents in git give name, labels and annotations only. */
export interface ObjectMetadata {
  name: string
  namespace?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  finalizers?: string[]
}

/** Annotation whose changed value asks for a reconcile; status.lastHandledReconcileAt echoes it. */
export const REQUESTED_AT_ANNOTATION = 'steersman.dev/requestedAt'

/** Label of stored Releases and Rollouts: the name of their environment. */
export const ENVIRONMENT_LABEL = 'steersman.dev/environment'

/** Label of stored Releases and Rollouts: the name of the release inside its environment. */
export const RELEASE_LABEL = 'steersman.dev/release'
