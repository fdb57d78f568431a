import type { ReleaseKey } from '../resources/names.ts'
import type { Kind } from '../ports/store.ts'
import type { Caller, Query } from './client/caller.ts'
import { createCaller } from './client/caller.ts'
import { postOnce } from './client/post-once.ts'
import { watchThrough } from './client/watch.ts'
import type { EnvironmentView, ListView, ReleaseView, RolloutView, ViewEvent } from './view.ts'

export { ApiError } from './client/error.ts'
export type { AnyView, EnvironmentView, ListView, ReleaseView, RolloutView, ViewEvent } from './view.ts'

export interface ClientOptions {
  /** Origin of the controller, as `http://127.0.0.1:8080`. */
  readonly server: string
  readonly token?: string | undefined
  /** For each call; a watch may be silent for this long before its first answer. */
  readonly timeoutMs: number
}

/** Which page of a list. `limit` is 1 to 500, the server's own default 50. */
export interface Page {
  readonly limit?: number
  readonly continue?: string
}

/** A person's word on a gate. */
export interface Decision {
  /** Left out: the one that the rollout waits for. */
  readonly gate?: string
  readonly comment?: string
}

export interface WatchRequest {
  /** Left out, all. */
  readonly kinds?: readonly Kind[]
  readonly environment?: string
  /** Of the list that the watch follows; left out, from now on. */
  readonly resourceVersion?: string
  readonly signal: AbortSignal
}

/**
 * Steersman's HTTP API. Every method rejects with an ApiError that says what, why and how to mend it; a watch throws code `Expired`
 * when the list has to be read again, and `Disconnected` when the server went away.
 */
export interface ApiClient {
  environments(page?: Page): Promise<ListView<EnvironmentView>>
  environment(name: string): Promise<EnvironmentView>
  releases(query?: Page & { readonly environment?: string }): Promise<ListView<ReleaseView>>
  release(key: ReleaseKey): Promise<ReleaseView>
  /** Newest first. */
  rollouts(
    query?: Page & { readonly environment?: string; readonly release?: string },
  ): Promise<ListView<RolloutView>>
  rollout(name: string): Promise<RolloutView>
  pauseEnvironment(name: string): Promise<EnvironmentView>
  /** Ends a pause, and a hold. */
  resumeEnvironment(name: string): Promise<EnvironmentView>
  reconcileEnvironment(name: string): Promise<EnvironmentView>
  /** Sets aside the freeze windows that are open now. */
  overrideFreeze(name: string, reason: string): Promise<EnvironmentView>
  /** Approves the Terraform plan that waits, by its id. */
  approvePlan(name: string, plan: string): Promise<EnvironmentView>
  /** Frees the lock of Terraform's state, by its id. */
  unlockState(name: string, id: string): Promise<EnvironmentView>
  /** Sent again where the connection is lost before the answer; it is tried once. */
  retryRelease(key: ReleaseKey): Promise<ReleaseView>
  /** Sent again where the connection is lost before the answer; it is restarted once. */
  restartRelease(key: ReleaseKey): Promise<ReleaseView>
  /** Goes back at once, to the last good version or to what a rollout served. Sent again where the connection is lost before the answer; it is done once. */
  rollbackRelease(
    key: ReleaseKey,
    options: { readonly to?: number; readonly reason?: string; readonly unsafe?: boolean },
  ): Promise<ReleaseView>
  reconcileRelease(key: ReleaseKey): Promise<ReleaseView>
  /** Tries the content of a rollout that failed again; the answer is its release. */
  retryRollout(name: string): Promise<ReleaseView>
  /** Asks the gate again that halts a rollout; the answer is its release. */
  retryGate(name: string, decision: Decision & { readonly gate: string }): Promise<ReleaseView>
  abortRollout(name: string, options?: { readonly reason?: string }): Promise<RolloutView>
  /** Sent again where the connection is lost before the answer; it counts once. So are the other decisions. */
  approveRollout(name: string, decision?: Decision): Promise<RolloutView>
  rejectRollout(name: string, decision?: Decision): Promise<RolloutView>
  /** Changes in order, until the signal is aborted. */
  watch(request: WatchRequest): AsyncIterable<ViewEvent>
}

/** A client of the controller at `server`; throws an ApiError when that is no address. */
export function createClient(options: ClientOptions): ApiClient {
  const caller = createCaller(options)
  return {
    ...readers(caller),
    ...writers(caller),
    watch: (request) => watchThrough(caller, request),
  }
}

type Readers = Pick<
  ApiClient,
  'environments' | 'environment' | 'releases' | 'release' | 'rollouts' | 'rollout'
>

function readers({ get }: Caller): Readers {
  return {
    environments: (page) => get(['environments'], queryOf(page)),
    environment: (name) => get(['environments', name]),
    releases: (query) => get(['releases'], queryOf(query)),
    release: ({ environment, release }) => get(['releases', environment, release]),
    rollouts: (query) => get(['rollouts'], queryOf(query)),
    rollout: (name) => get(['rollouts', name]),
  }
}

function writers(caller: Caller): Omit<ApiClient, keyof Readers | 'watch'> {
  const { post } = caller
  const onRelease = (verb: string) => (key: ReleaseKey) =>
    post<ReleaseView>(['releases', key.environment, key.release, verb])
  const onceOnRelease = (verb: string) => (key: ReleaseKey) =>
    postOnce<ReleaseView>(caller, ['releases', key.environment, key.release, verb])
  const onEnvironment = (verb: string) => (name: string) =>
    post<EnvironmentView>(['environments', name, verb])
  return {
    pauseEnvironment: onEnvironment('pause'),
    resumeEnvironment: onEnvironment('resume'),
    reconcileEnvironment: onEnvironment('reconcile'),
    overrideFreeze: (name, reason) => post(['environments', name, 'override-freeze'], { reason }),
    approvePlan: (name, plan) => post(['environments', name, 'terraform', 'approve'], { plan }),
    unlockState: (name, id) => post(['environments', name, 'terraform', 'unlock'], { id }),
    retryRelease: onceOnRelease('retry'),
    restartRelease: onceOnRelease('restart'),
    rollbackRelease: ({ environment, release }, options) =>
      postOnce(caller, ['releases', environment, release, 'rollback'], options),
    reconcileRelease: onRelease('reconcile'),
    retryRollout: (name) => postOnce(caller, ['rollouts', name, 'retry']),
    abortRollout: (name, options) => post(['rollouts', name, 'abort'], options),
    retryGate: (name, decision) => postOnce(caller, ['rollouts', name, 'retry'], { ...decision }),
    approveRollout: (name, decision) => postOnce(caller, ['rollouts', name, 'approve'], { ...decision }),
    rejectRollout: (name, decision) => postOnce(caller, ['rollouts', name, 'reject'], { ...decision }),
  }
}

const queryOf = (
  query: (Page & { readonly environment?: string; readonly release?: string }) | undefined,
): Query => ({
  ...query,
  limit: query?.limit === undefined ? undefined : String(query.limit),
})
