/** @import { EnvironmentView, ReleaseView, RolloutView } from '../api/view.ts' */

/**
 * How a thing stands: a tone for the eye, a word for everybody, a sentence for those who ask.
 *
 * @typedef {{ tone: 'good' | 'busy' | 'bad' | 'idle', word: string, sentence: string }} Standing
 */

/**
 * What a person may do next; `command` is for a terminal.
 *
 * @typedef {{ text: string, command?: string }} Advice
 */

/** @typedef {{ type: string, status: string, reason: string, message: string }} Condition */

/**
 * @param {readonly Condition[] | undefined} conditions
 * @param {string} type
 * @returns {Condition | undefined} The condition when it is true.
 */
const trueCondition = (conditions, type) =>
  conditions?.find((condition) => condition.type === type && condition.status === 'True')

/**
 * @param {EnvironmentView} environment
 * @returns {Standing}
 */
export function environmentStanding({ spec, status, metadata }) {
  const paused = pauseOf(metadata.annotations)
  if (paused !== undefined)
    return {
      tone: 'idle',
      word: 'Paused',
      sentence: `Paused by ${paused}: nothing is written until it is resumed.`,
    }
  if (spec.suspend === true)
    return {
      tone: 'idle',
      word: 'Suspended',
      sentence: 'Suspended in its configuration: it looks and reports, and writes nothing.',
    }
  const held = status?.held
  if (held !== undefined)
    return {
      tone: 'idle',
      word: 'Held',
      sentence: `${held.by} moved the tag to ${short(held.to)}: that version stays until somebody resumes.`,
    }
  const wentBack = trueCondition(status?.conditions, 'Held')
  if (wentBack !== undefined) return { tone: 'idle', word: 'Held', sentence: said(wentBack) }
  const stalled = trueCondition(status?.conditions, 'Stalled')
  if (stalled !== undefined) return { tone: 'bad', word: 'Needs you', sentence: said(stalled) }
  const missing = trueCondition(status?.conditions, 'TagMissing')
  if (missing !== undefined) return { tone: 'bad', word: 'Tag missing', sentence: said(missing) }
  if (trueCondition(status?.conditions, 'Ready') !== undefined)
    return {
      tone: 'good',
      word: 'Up to date',
      sentence: 'What the branch wants is verified and takes the traffic.',
    }
  const working =
    trueCondition(status?.conditions, 'Reconciling') ??
    status?.conditions?.find(({ type }) => type === 'Ready')
  return {
    tone: 'busy',
    word: 'Working',
    sentence: working === undefined ? 'It was not read yet.' : said(working),
  }
}

/**
 * @param {ReleaseView} release
 * @param {RolloutView | undefined} rollout The one that runs.
 * @returns {Standing}
 */
export function releaseStanding({ status, metadata }, rollout) {
  if (rollout !== undefined) return rolloutStanding(rollout)
  if (metadata.annotations?.['steersman.dev/removedAt'] !== undefined)
    return { tone: 'idle', word: 'Removed', sentence: 'It is gone from the branch; what runs is kept.' }
  const conditions = status?.conditions
  const stalled = trueCondition(conditions, 'Stalled')
  if (stalled !== undefined) return { tone: 'bad', word: 'Needs you', sentence: said(stalled) }
  if (status?.waiting !== undefined)
    return { tone: 'busy', word: 'Waiting', sentence: capital(status.waiting.message) }
  const drifted = trueCondition(conditions, 'Drifted')
  if (drifted !== undefined)
    return { tone: 'bad', word: 'Drifted', sentence: 'Somebody or something changed what runs.' }
  if (status?.pinned !== undefined && trueCondition(conditions, 'Ready') !== undefined)
    return { tone: 'good', word: 'Pinned', sentence: `Serves a pinned version: ${status.pinned.reason}` }
  if (trueCondition(conditions, 'Ready') !== undefined)
    return { tone: 'good', word: 'Serving', sentence: 'The wanted version serves.' }
  const working = trueCondition(conditions, 'Reconciling')
  return {
    tone: 'busy',
    word: 'Working',
    sentence: working === undefined ? 'It was not looked at yet.' : said(working),
  }
}

/** @type {Readonly<Record<string, Standing>>} */
const phases = {
  Pending: { tone: 'busy', word: 'Pending', sentence: 'A new version is about to start.' },
  Provisioning: {
    tone: 'busy',
    word: 'Starting',
    sentence: 'The new version starts on the idle side. Nobody is served by it yet.',
  },
  Verifying: {
    tone: 'busy',
    word: 'Verifying',
    sentence: 'Gates try the new version through the test listener.',
  },
  AwaitingApproval: {
    tone: 'busy',
    word: 'Awaiting approval',
    sentence: 'The last gates before traffic moves; most often a person has to agree.',
  },
  Shifting: { tone: 'busy', word: 'Shifting', sentence: 'Traffic moves to the new version.' },
  Baking: {
    tone: 'busy',
    word: 'Baking',
    sentence: 'The new version serves; gates watch it while the old one stays warm.',
  },
  RollingBack: { tone: 'bad', word: 'Rolling back', sentence: 'Traffic goes back to the version before.' },
  Succeeded: { tone: 'good', word: 'Succeeded', sentence: 'The new version serves.' },
  RolledBack: { tone: 'bad', word: 'Rolled back', sentence: 'It was taken back; the version before serves.' },
  Superseded: {
    tone: 'idle',
    word: 'Superseded',
    sentence: 'A newer version took its place before it served.',
  },
  Aborted: { tone: 'idle', word: 'Aborted', sentence: 'A person ended it.' },
}

/** What is otherwise where one service is rolled out, whose tasks ECS replaces. @type {Readonly<Record<string, Standing>>} */
const phasesOfOne = {
  Provisioning: { tone: 'busy', word: 'Starting', sentence: 'The service is looked at once more.' },
  Shifting: {
    tone: 'busy',
    word: 'Replacing',
    sentence: 'ECS replaces the tasks of the service by those of the new version.',
  },
  Baking: { tone: 'busy', word: 'Baking', sentence: 'The new version runs and is watched.' },
  RollingBack: {
    tone: 'bad',
    word: 'Rolling back',
    sentence: 'The service goes back to the version before.',
  },
  Succeeded: { tone: 'good', word: 'Succeeded', sentence: 'The new version runs.' },
}

/**
 * Whether the rollout is of one service, which has no sides.
 *
 * @param {Pick<RolloutView, 'spec'>} rollout
 * @returns {boolean}
 */
const isOfOneService = ({ spec }) => spec.to.side === undefined

/**
 * Where a rollout goes, as the end of a sentence; nothing where there is one service.
 *
 * @param {Pick<RolloutView, 'spec'>} rollout
 * @returns {string}
 */
export const goalOf = ({ spec }) => (spec.to.side === undefined ? '' : ` to ${spec.to.side}`)

/**
 * @param {RolloutView} rollout
 * @returns {Standing}
 */
export function rolloutStanding({ spec, status }) {
  const phase = status?.phase ?? 'Pending'
  const known = isOfOneService({ spec }) ? (phasesOfOne[phase] ?? phases[phase]) : phases[phase]
  const standing = known ?? { tone: 'idle', word: phase, sentence: '' }
  const message = status?.message
  const isWaiting = status?.reason === 'GroupNotReady'
  const isTold = message !== undefined && (standing.tone === 'bad' || phase === 'Aborted' || isWaiting)
  if (isTold) return { ...standing, sentence: capital(message) }
  if (phase !== 'Shifting' || (status?.steps ?? 0) < 2) return standing
  return {
    ...standing,
    sentence: `Traffic moves to the new version: step ${status?.step ?? 0} of ${status?.steps}.`,
  }
}

/**
 * @param {RolloutView} rollout
 * @returns {boolean}
 */
export const isRunning = ({ status }) =>
  !['Succeeded', 'RolledBack', 'Superseded', 'Aborted'].includes(status?.phase ?? 'Pending')

/** @typedef {{ name: string, state: 'done' | 'now' | 'failed' | 'ahead' }} Stage */

/**
 * The way of a rollout as stages in order; where it turned back is marked by what its gates and weights tell.
 *
 * @param {RolloutView} rollout
 * @returns {Stage[]}
 */
export function stagesOf({ spec, status }) {
  const isOne = isOfOneService({ spec })
  const way = isOne ? ['Start', 'Replace', 'Bake', 'Done'] : ['Start', 'Verify', 'Shift', 'Bake', 'Done']
  const phase = status?.phase ?? 'Pending'
  const place = {
    Pending: 0,
    Provisioning: 0,
    Verifying: 1,
    AwaitingApproval: 1,
    Shifting: 2,
    Baking: 3,
    Succeeded: 5,
  }
  const hasEnded = phase !== 'Succeeded' && !(phase in place)
  const inPair = hasEnded
    ? lastReached(spec, status)
    : (place[/** @type {keyof typeof place} */ (phase)] ?? 0)
  const reached = isOne ? Math.max(0, inPair - 1) : inPair
  return way.map((name, index) => ({
    name,
    state: index < reached ? 'done' : index > reached ? 'ahead' : hasEnded ? 'failed' : 'now',
  }))
}

/**
 * @param {RolloutView['spec']} spec
 * @param {RolloutView['status']} status
 * @returns {number}
 */
function lastReached(spec, status) {
  const failed = status?.gates?.find(({ result }) => result !== undefined && result !== 'Passed')
  if (failed?.when === 'Bake' || failed?.when === 'AfterSuccess') return 3
  if (status?.shiftedAt !== undefined) return 2
  return failed !== undefined || (spec.gates?.length ?? 0) === 0 || status?.testPointedAt !== undefined
    ? 1
    : 0
}

/**
 * What a person may do about a release; undefined when there is nothing to do.
 *
 * @param {ReleaseView} release
 * @param {{ environment: string, running: RolloutView | undefined, newest: RolloutView | undefined, paused: boolean }} context
 * @returns {Advice | undefined}
 */
export function adviceFor(release, { environment, running, newest, paused }) {
  const name = `${environment}/${release.metadata.labels?.['steersman.dev/release'] ?? release.metadata.name}`
  if (paused) return { text: 'Let it write again:', command: `steersman resume ${environment}` }
  const awaiting = running?.status?.awaiting
  if (running !== undefined && awaiting !== undefined)
    return {
      text: 'Agree, or refuse with reject:',
      command: `steersman approve ${name} --gate ${awaiting.gate} --rollout ${running.spec.number}`,
    }
  if (running !== undefined) return undefined
  if (newest?.status?.phase === 'RolledBack')
    return { text: 'Merge a better version, or try this one again:', command: `steersman retry ${name}` }
  if (trueCondition(release.status?.conditions, 'Stalled') !== undefined)
    return { text: 'Mend what it says, or see more:', command: `steersman diff ${name}` }
  if (trueCondition(release.status?.conditions, 'Drifted') !== undefined)
    return { text: 'See who changed what:', command: `steersman drift ${environment}` }
  if (release.status?.pinned !== undefined)
    return { text: 'Follow the branch again:', command: `steersman unpin ${name}` }
  return undefined
}

/**
 * The version that serves, as people call it: its image tag where a rollout knows it, else the task definition.
 *
 * @param {ReleaseView} release
 * @param {readonly RolloutView[]} rollouts Of the release.
 * @returns {string | undefined}
 */
export function liveVersion({ status }, rollouts) {
  const live = status?.live
  if (live === undefined || live.side === 'none') return undefined
  const origin = rollouts.find(({ spec }) => spec.taskDefinition === live.taskDefinition)
  return origin === undefined ? live.taskDefinition?.split('/').at(-1) : versionOf(origin)
}

/**
 * @param {RolloutView} rollout
 * @returns {string}
 */
export const versionOf = ({ spec }) =>
  spec.image?.tag ?? spec.taskDefinition?.split('/').at(-1) ?? short(spec.commit)

/** @type {Readonly<Record<string, string>>} */
const causes = {
  Commit: 'a merge',
  Tag: 'a moved tag',
  Pin: 'a pin',
  Drift: 'drift',
  Retry: 'a retry',
  Restart: 'a restart',
  Failback: 'a failback',
}

/**
 * @param {RolloutView} rollout
 * @returns {string}
 */
export const causeOf = ({ spec }) => `${causes[spec.why] ?? spec.why} by ${spec.who}`

/**
 * @param {Readonly<Record<string, string>> | undefined} annotations
 * @returns {string | undefined} Who paused, while it is paused.
 */
export function pauseOf(annotations) {
  const paused = annotations?.['steersman.dev/pausedAt']
  const resumed = annotations?.['steersman.dev/resumedAt']
  if (paused === undefined || (resumed !== undefined && Date.parse(resumed) >= Date.parse(paused)))
    return undefined
  return annotations?.['steersman.dev/pausedBy'] ?? 'somebody'
}

/**
 * @param {string | undefined} commit
 * @returns {string}
 */
export const short = (commit) => commit?.slice(0, 7) ?? 'none yet'

/**
 * @param {Condition} condition
 * @returns {string}
 */
const said = ({ message, reason }) => capital(message === '' ? reason : message)

/**
 * @param {string} text
 * @returns {string}
 */
export const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1)
