import type { EnvironmentSpec, EnvironmentStatus } from '../resources/generated/environment.ts'
import type { ReleaseSpec, ReleaseStatus } from '../resources/generated/release.ts'
import type { RolloutIntent, RolloutSpec, RolloutStatus } from '../resources/generated/rollout.ts'
import type { Kind, ObjectMetadata, StoredObject } from '../ports/store.ts'
import { withoutUserInfo } from './view/addresses.ts'
import { environmentSpec, releaseSpec, rolloutSpec } from './view/specs.ts'

/** An object as the API shows it: the stored one without what nobody outside needs to know. */
export interface View<K extends Kind, Spec, Status> {
  readonly apiVersion: 'steersman.dev/v1alpha1'
  readonly kind: K
  readonly metadata: ObjectMetadata
  readonly spec: Spec
  readonly status?: Status
}

/** Without where credentials are, whom it tells and what it hands to Terraform's backend. */
export type EnvironmentView = View<'Environment', EnvironmentSpec, EnvironmentStatus>

/** Without the content of a task definition and without the memory of single writes. */
export type ReleaseView = View<'Release', ReleaseSpec, Omit<ReleaseStatus, 'writes'>>

/** Without the arguments of the write that is about to be made. */
export type RolloutView = View<
  'Rollout',
  RolloutSpec,
  Omit<RolloutStatus, 'intent' | 'staleTasks'> & { intent?: Omit<RolloutIntent, 'arguments'> }
>

export type AnyView = EnvironmentView | ReleaseView | RolloutView

/** One page of a list. `continue` asks for the next one; it is absent on the last. */
export interface ListView<Item extends AnyView> {
  readonly apiVersion: 'steersman.dev/v1alpha1'
  readonly kind: `${Item['kind']}List`
  /** A watch that starts after `resourceVersion` misses nothing. */
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string }
  readonly items: readonly Item[]
}

/** One change, as `GET /api/v1/watch` tells it. */
export interface ViewEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: AnyView
}

/** Every refusal's body. */
export interface ErrorView {
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string }
}

/** What of a stored object may leave the controller: no secret, no place of one, no content of a task definition. */
export function viewOf(object: StoredObject): AnyView {
  const { apiVersion, kind } = object
  const metadata = metadataOf(object.metadata)
  const status = object.status === undefined ? {} : { status: statusOf(object.status) }
  switch (kind) {
    case 'Environment':
      return { apiVersion, kind, metadata, spec: environmentSpec(object.spec), ...status }
    case 'Release':
      return { apiVersion, kind, metadata, spec: releaseSpec(object.spec), ...status }
    case 'Rollout':
      return { apiVersion, kind, metadata, spec: rolloutSpec(object.spec), ...status }
  }
}

/** Annotations of others may hold whole documents (kubectl keeps the last one applied), so only ours are shown. */
function metadataOf(metadata: ObjectMetadata): ObjectMetadata {
  const { annotations, ...rest } = metadata
  const ours = Object.entries(annotations ?? {}).filter(([name]) => name.startsWith('steersman.dev/'))
  if (ours.length === 0) return rest
  return { ...rest, annotations: withoutUserInfo(Object.fromEntries(ours)) }
}

/** What is remembered between an intent and its effect is the engine's own; the rest was made to be read. */
function statusOf(status: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { writes: _writes, staleTasks: _staleTasks, intent, ...rest } = status
  const shown = withoutUserInfo(rest)
  if (typeof intent !== 'object' || intent === null) return shown
  const { arguments: _arguments, ...others } = intent as RolloutIntent
  return { ...shown, intent: others }
}
