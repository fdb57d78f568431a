import type { PlantedBug } from '../bug.ts'

const depths = ['full'] as const

/** Mistakes of order, concurrency and memory around the decisions. */
export const engineBugs: readonly PlantedBug[] = [
  {
    name: 'forget-the-intent',
    breaks: 'I10',
    story: 'A write is made without being stored before, so whoever comes after a crash does not know of it.',
    file: 'controller/engine/act.ts',
    find: `  await storeIntent(turn, wanted, startedAt)`,
    replace: `  if (startedAt < 0) await storeIntent(turn, wanted, startedAt)`,
    depths,
  },
  {
    name: 'forget-unclear-writes',
    breaks: 'I10',
    story: 'A write that got no answer is forgotten like one that was refused.',
    file: 'controller/engine/act.ts',
    find: `const ambiguous = !(error instanceof PortError) || error.ambiguous`,
    replace: `const ambiguous = !(error instanceof PortError)`,
    depths,
  },
  {
    name: 'abort-on-any-refusal',
    breaks: 'I8',
    story:
      'A write that AWS refuses ends the rollout as a failure of its version, also when it was only throttled.',
    file: 'controller/engine/act.ts',
    find: `await keepRollout(turn, { ...rest, timeline: appended(rest.timeline, entry) })
  }
  const rollout`,
    replace: `const refused = { by: 'steersman', at: timestamp(turn.engine.ports.clock.now()), reason: code }
    await keepRollout(turn, {
      ...rest,
      timeline: appended(rest.timeline, entry),
      ...(ambiguous ? {} : { abortRequested: refused }),
    })
  }
  const rollout`,
    depths,
  },
  {
    name: 'register-without-looking',
    breaks: 'I10',
    story:
      'The digest is looked for in a tag that no revision has, so a revision that exists is registered again after a crash.',
    file: 'controller/engine/execute.ts',
    find: `if (newest !== undefined && newest.tags[DIGEST_TAG] === digest) {`,
    replace: `if (newest !== undefined && newest.tags['steersman.dev/content-digest'] === digest) {`,
    depths,
  },
  {
    name: 'take-a-new-client-token',
    breaks: 'I10',
    story:
      'Each attempt to create a service has a client token of its own, so AWS takes a repeated one for another wish.',
    file: 'controller/engine/execute.ts',
    find: `createHash('sha256').update(identity)`,
    replace: "createHash('sha256').update(`${identity}/${Math.random()}`)",
    depths,
  },
  {
    name: 'update-the-live-side',
    breaks: 'I3',
    story: 'The new revision is given to the service of the other side, which is the one that serves.',
    file: 'controller/engine/execute.ts',
    find: `service: serviceOf(side, context),
    taskDefinition,`,
    replace: `service: serviceOf(side === 'only' ? side : otherSide(side), context),
    taskDefinition,`,
    depths,
  },
  {
    name: 'point-the-production-rule',
    breaks: 'I1',
    story: 'The production rule is written instead of the test rule, before the side has a single task.',
    file: 'controller/engine/execute.ts',
    find: `const { test } = context.observation
    if`,
    replace: `const test = context.observation.production[0] ?? null
    if`,
    depths,
  },
  {
    name: 'start-beside-a-running-rollout',
    breaks: 'I4',
    story: 'A newer version is planned for at once, although the rollout of the older one has not ended.',
    file: 'controller/engine/reconcile.ts',
    find: `turn.active === undefined ? await plan(turn) : await advance(turn)`,
    replace: `turn.active === undefined || turn.active.state.spec.digest !== desiredOf(turn)?.digest ? await plan(turn) : await advance(turn)`,
    depths,
  },
  {
    name: 'overlook-pending-rollouts',
    breaks: 'I4',
    story:
      'A rollout that was created and not yet begun does not count as running, so a crash in between makes a second one.',
    file: 'controller/engine/objects.ts',
    find: `active: all.find(({ state }) => !isFinished(state.status)),`,
    replace: `active: all.find(({ state }) => state.status.phase !== 'Pending' && !isFinished(state.status)),`,
    depths,
  },
  {
    name: 'ignore-a-suspension',
    breaks: 'I7',
    story: 'Only the pause that a person asked for stops writes, not the suspension in the configuration.',
    file: 'controller/engine/permission.ts',
    find: `state !== undefined && !state.environment.spec.suspend &&`,
    replace: `state !== undefined &&`,
    depths,
  },
  {
    name: 'ignore-a-pause',
    breaks: 'I7',
    story: 'Only the suspension in the configuration stops writes, not the pause that a person asked for.',
    file: 'controller/engine/permission.ts',
    find: `!state.environment.spec.suspend && !isPaused(object)`,
    replace: `!state.environment.spec.suspend && object !== null`,
    depths,
  },
  {
    name: 'ignore-the-lease',
    breaks: 'I4',
    story:
      'A lease that was taken once counts as held until a heartbeat says otherwise, also after the process stood still.',
    file: 'controller/engine/lead.ts',
    find: `if (this.#settings.clock.monotonic() + durationMs < this.#safeUntil) return
    throw lost('the lease may expire before the call ends, so nothing is written')
  }

  holds(): boolean {
    return this.#settings.clock.monotonic() < this.#safeUntil`,
    replace: `if (this.#lease !== undefined && durationMs >= 0) return
    throw lost('the lease may expire before the call ends, so nothing is written')
  }

  holds(): boolean {
    return this.#lease !== undefined`,
    depths,
  },
  {
    name: 'count-the-lease-from-its-answer',
    breaks: 'I4',
    story:
      'The lease is believed from the answer on, not from before the call, so a late answer makes it longer than it is.',
    file: 'controller/engine/lead.ts',
    find: `this.#safeUntil = askedAt + leaseMs`,
    replace: `this.#safeUntil = Math.max(askedAt, clock.monotonic()) + leaseMs`,
    depths,
  },
  {
    name: 'forget-a-key-that-failed',
    breaks: 'I5 liveness',
    story:
      'A key whose work failed is not put back into the queue, so an environment is not looked at again after one failed fetch.',
    file: 'controller/engine/work-queue.ts',
    find: `else if (laterMs !== undefined && this.#state === 'started')`,
    replace: `else if (laterMs !== undefined && entry.failures === 0 && this.#state === 'started')`,
    depths,
  },
]
