import type { PlantedBug } from '../bug.ts'

const depths = ['full'] as const

/** Mistakes with the Kubernetes cluster that several controllers share. */
export const clusterBugs: readonly PlantedBug[] = [
  {
    name: 'go-on-after-410',
    breaks: 'store',
    story:
      'A watch whose changes the server has forgotten is begun anew from now on, and nobody lists again.',
    file: 'controller/adapters/kubernetes/kind-changes.ts',
    find: `        yield { type: 'EXPIRED' }
        return`,
    replace: `        seen = ''`,
    depths,
    scenario: 'shared-cluster',
  },
  {
    name: 'forget-where-a-watch-was',
    breaks: 'store',
    story:
      'A watch that broke is begun again where it was first begun, and tells once more what it has told before.',
    file: 'controller/adapters/kubernetes/kind-changes.ts',
    find: `        seen = String(object.metadata['resourceVersion'])\n`,
    replace: ``,
    depths,
    scenario: 'shared-cluster',
  },
  {
    name: 'take-a-conflict-for-success',
    breaks: 'I10',
    story:
      'A status that the server refuses, because somebody has changed the object meanwhile, counts as written.',
    file: 'controller/adapters/kubernetes/kube-store.ts',
    find: `      if (hasCode(error, 'Conflict') && (await this.#raw(kind, metadata.name)) === undefined)`,
    replace: `      if (hasCode(error, 'Conflict') && (await this.#raw(kind, metadata.name)) !== undefined) return object
      if (hasCode(error, 'Conflict'))`,
    depths,
    scenario: 'asked-in-cluster',
  },
  {
    name: 'write-without-the-version-that-was-read',
    breaks: 'I7',
    story:
      'An object in the cluster is replaced whatever it has become since it was read, and with it the wishes of people.',
    file: 'controller/adapters/kubernetes/kube-store.ts',
    find: `    assertCurrent(stored, object)
    const body = bodyOfUpdate(stored, object)`,
    replace: `    if (kind === undefined) assertCurrent(stored, object)
    const resourceVersion = String(stored.metadata['resourceVersion'])
    const body = bodyOfUpdate(stored, { ...object, metadata: { ...metadata, resourceVersion } })`,
    depths,
    scenario: 'asked-in-cluster',
  },
  {
    name: 'keep-the-lease-to-oneself',
    breaks: 'I4',
    story:
      'A Rollout in the cluster does not say under which lease it was written, so that an earlier holder may write over a later one.',
    file: 'controller/adapters/kubernetes/kube-store.ts',
    find: `bodyOfStatus(object, lease)`,
    replace: `bodyOfStatus(object)`,
    depths,
    scenario: 'shared-cluster',
  },
  {
    name: 'lead-without-renewing',
    breaks: 'I4',
    story:
      'Whoever holds the Lease believes in it from one look to the next, and renews nothing that others could see.',
    file: 'controller/adapters/kubernetes/kube-leases.ts',
    find: `    if (isOurs && startedAt < (this.#ownUntil.get(request.name) ?? -Infinity))
      return`,
    replace: `    if (isOurs && lease !== undefined && startedAt < (this.#ownUntil.get(request.name) ?? -Infinity)) {
      this.#ownUntil.set(request.name, startedAt + request.durationMs)
      return { held: true, lease }
    }
    if (isOurs && startedAt < -1)
      return`,
    depths,
    scenario: 'shared-cluster',
  },
  {
    name: 'count-the-dead-among-the-living',
    breaks: 'I5',
    story:
      'A controller that was killed keeps its part of the shards in a cluster, since its Lease is still there.',
    file: 'controller/adapters/kubernetes/kube-members.ts',
    find: `lease === undefined || silentMs >= lease.expiresAt - lease.renewedAt`,
    replace: `lease === undefined || silentMs < 0`,
    depths,
    scenario: 'sharded-cluster',
  },
  {
    name: 'trust-the-wall-clock-for-leases-in-a-cluster',
    breaks: 'I4',
    story: "Another controller's Lease counts as run out when the wall clock of this machine says so.",
    file: 'controller/adapters/kubernetes/kube-leases.ts',
    find: `(await this.#options.isAlive(lease.holder)) === false) return true`,
    replace: `(await this.#options.isAlive(lease.holder)) === false) return true
    if (this.#options.clock.now() >= lease.expiresAt) return true`,
    depths,
    scenario: 'shared-cluster',
  },
  {
    name: 'believe-what-was-mirrored',
    breaks: 'store',
    story:
      'A Release that somebody edits in the cluster is compared with nothing, since its commit is mirrored already.',
    file: 'controller/engine/environment/releases.ts',
    find: `  state.read = undefined
  engine.enqueueEnvironment(`,
    replace: `  engine.enqueueEnvironment(`,
    depths,
    scenario: 'shared-cluster',
  },
  {
    name: 'hear-of-edits-by-watches-alone',
    breaks: 'store',
    story:
      'A Release that is looked at is not compared with what it was made: only a watch tells of an edit.',
    file: 'controller/engine/reconcile.ts',
    find: `    if (!isAsMirrored(state, key.release, turn?.release)) mirrorAgain(engine, state)\n`,
    replace: ``,
    depths,
    scenario: 'shared-cluster',
  },
]
