import type { RolloutState } from '../core/rollout/state.ts'
import { isFinished } from '../core/rollout/state.ts'
import { annotations, isPausedBy } from '../resources/annotations.ts'
import { answerIn } from '../resources/answer.ts'
import { decisionIn } from '../resources/decision.ts'
import { ENVIRONMENT_LABEL, RELEASE_LABEL } from '../resources/metadata.ts'
import type { ReleaseKey } from '../resources/names.ts'
import { releaseObjectName } from '../resources/names.ts'
import type { DefaultedReleaseSpec, EnvironmentStatus, ReleaseStatus } from '../resources/types.ts'
import type { NewObject, Store, StoredObject } from '../ports/store.ts'

/** A stored Release with its parts in their types; the store only holds what was validated before. */
export interface StoredRelease {
  readonly object: StoredObject
  readonly spec: DefaultedReleaseSpec
  readonly status: ReleaseStatus
}

export async function getRelease(store: Store, key: ReleaseKey): Promise<StoredRelease | undefined> {
  const object = await store.get('Release', releaseObjectName(key))
  return object === undefined ? undefined : asRelease(object)
}

export const asRelease = (object: StoredObject): StoredRelease => ({
  object,
  spec: object.spec as unknown as DefaultedReleaseSpec,
  status: object.status ?? {},
})

export const environmentStatus = (object: StoredObject | undefined): EnvironmentStatus => object?.status ?? {}

/** A Rollout with the object that carries its version. */
export interface StoredRollout {
  readonly object: StoredObject
  readonly state: RolloutState
}

export const asRollout = (object: StoredObject): StoredRollout => ({
  object,
  state: {
    name: object.metadata.name,
    spec: object.spec as unknown as RolloutState['spec'],
    status: withAnswer(object, withDecision(object, withAbort(object, object.status ?? {}))),
  },
})

/** A person's wish to abort is an annotation, since only the engine writes a rollout's status. */
function withAbort(object: StoredObject, status: RolloutState['status']): RolloutState['status'] {
  const marks = object.metadata.annotations ?? {}
  const at = marks[annotations.abort]
  if (at === undefined || isFinished(status)) return status
  const known = status.abortRequested
  if (known !== undefined && (known.withdrawnBy === undefined || known.at === at)) return status
  const reason = marks[annotations.abortReason]
  return {
    ...status,
    abortRequested: {
      by: marks[annotations.abortBy] ?? 'somebody',
      at,
      ...(reason === undefined ? {} : { reason }),
    },
  }
}

/** So is what a person decided of a gate. */
function withDecision(object: StoredObject, status: RolloutState['status']): RolloutState['status'] {
  const decision = decisionIn(object)
  const isOpen = decision !== undefined && decision.at !== status.handledDecisionAt && !isFinished(status)
  return isOpen ? { ...status, decisionRequested: decision } : status
}

/** And what a receiver has called back with. */
function withAnswer(object: StoredObject, status: RolloutState['status']): RolloutState['status'] {
  const answer = answerIn(object)
  const isOpen = answer !== undefined && answer.at !== status.handledAnswerAt && !isFinished(status)
  return isOpen ? { ...status, answerReceived: answer } : status
}

export interface ReleaseRollouts {
  readonly active: StoredRollout | undefined
  /** The newest finished one, whatever its outcome. */
  readonly last: StoredRollout | undefined
  readonly lastSucceeded: StoredRollout | undefined
  /** Newest first. */
  readonly all: readonly StoredRollout[]
}

export async function rolloutsOf(store: Store, key: ReleaseKey): Promise<ReleaseRollouts> {
  const { items } = await store.list('Rollout', { labels: labelsOf(key) })
  const all = items.map(asRollout).toSorted((one, other) => other.state.spec.number - one.state.spec.number)
  const finished = all.filter(({ state }) => isFinished(state.status))
  return {
    all,
    active: all.find(({ state }) => !isFinished(state.status)),
    last: finished[0],
    lastSucceeded: finished.find(({ state }) => state.status.outcome === 'Succeeded'),
  }
}

export const labelsOf = ({ environment, release }: ReleaseKey): Record<string, string> => ({
  [ENVIRONMENT_LABEL]: environment,
  [RELEASE_LABEL]: release,
})

export const newRollout = (name: string, spec: object, status: object, key: ReleaseKey): NewObject => ({
  kind: 'Rollout',
  metadata: { name, labels: labelsOf(key) },
  spec: spec as Readonly<Record<string, unknown>>,
  status: status as Readonly<Record<string, unknown>>,
})

/** A request by annotation that was not acted on yet. */
export function openRequest(
  object: StoredObject,
  request: { readonly at: string; readonly by: string; readonly handled: string | undefined },
): { readonly id: string; readonly by: string } | undefined {
  const id = object.metadata.annotations?.[request.at]
  if (id === undefined || id === request.handled) return undefined
  return { id, by: object.metadata.annotations?.[request.by] ?? 'somebody' }
}

export const isPaused = (object: StoredObject | undefined): boolean =>
  isPausedBy(object?.metadata.annotations)

export const isReady = (status: ReleaseStatus): boolean =>
  status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false

/** Names of an environment's releases that the store knows. */
export async function storedReleases(store: Store, environment: string): Promise<readonly string[]> {
  const { items } = await store.list('Release', { labels: { [ENVIRONMENT_LABEL]: environment } })
  return items.flatMap((object) => object.metadata.labels?.[RELEASE_LABEL] ?? [])
}
