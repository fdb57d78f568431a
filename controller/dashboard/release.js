/** @import { EnvironmentView, ReleaseView, RolloutView } from '../api/view.ts' */
/** @import { State } from './state.js' */
import { element } from './elements.js'
import { badge, when } from './parts.js'
import { rolloutsOf } from './state.js'
import {
  goalOf,
  adviceFor,
  capital,
  isRunning,
  liveVersion,
  pauseOf,
  releaseStanding,
  stagesOf,
  versionOf,
} from './words.js'

const DRIFT_SHOWN = 12

/**
 * One release: who serves, what comes, what stands in the way, what to do.
 *
 * @param {State} state
 * @param {{ release: ReleaseView, environment: EnvironmentView, now: number }} shown
 * @returns {Element}
 */
export function releaseCard(state, { release, environment, now }) {
  const rollouts = rolloutsOf(state, release)
  const [newest] = rollouts
  const running = newest !== undefined && isRunning(newest) ? newest : undefined
  const standing = releaseStanding(release, running)
  const name = release.metadata.labels?.['steersman.dev/release'] ?? release.metadata.name
  const id = `release-${release.metadata.name}`
  return element(
    'article',
    { class: `release ${standing.tone}`, 'data-key': id, 'aria-labelledby': id },
    element('div', { class: 'heading' }, element('h3', { id }, name), badge(standing)),
    element('p', { class: 'sentence' }, standing.sentence),
    sides(release, rollouts, now),
    running !== undefined && way(running),
    newest !== undefined && gates(newest, running !== undefined),
    drift(release, now),
    advice(
      adviceFor(release, {
        environment: environment.metadata.name,
        running,
        newest,
        paused: pauseOf(environment.metadata.annotations) !== undefined,
      }),
    ),
  )
}

/**
 * @param {string | undefined} version
 * @param {string | undefined} since
 * @param {number} now
 */
const running = (version, since, now) =>
  element(
    'span',
    { class: 'version' },
    version ?? 'nothing serves',
    since === undefined ? undefined : [' · since ', when(since, now)],
  )

/**
 * The two sides and the share of the traffic that each has.
 *
 * @param {ReleaseView} release
 * @param {readonly RolloutView[]} rollouts
 * @param {number} now
 */
function sides(release, rollouts, now) {
  const { traffic, live } = release.status ?? {}
  const total = (traffic?.blue ?? 0) + (traffic?.green ?? 0)
  const blue = total === 0 ? 0 : Math.round(((traffic?.blue ?? 0) / total) * 100)
  const green = total === 0 ? 0 : 100 - blue
  const version = liveVersion(release, rollouts)
  const isOne = release.spec.strategy?.type === 'Rolling'
  if (isOne)
    return element(
      'div',
      { class: 'sides' },
      element('div', { class: 'labels' }, running(version, live?.since, now)),
    )
  const told =
    total === 0 ? 'No traffic was seen yet.' : `Blue gets ${blue} %, green gets ${green} % of the traffic.`
  return element(
    'div',
    { class: 'sides' },
    element(
      'div',
      { class: 'labels' },
      sideLabel('blue', blue),
      running(version, live?.since, now),
      sideLabel('green', green),
    ),
    element(
      'svg',
      { class: 'bar', viewBox: '0 0 100 8', preserveAspectRatio: 'none', role: 'img', 'aria-label': told },
      element('rect', { class: 'blue', x: 0, y: 0, width: blue, height: 8 }),
      element('rect', { class: 'green', x: 100 - green, y: 0, width: green, height: 8 }),
    ),
  )
}

/**
 * @param {'blue' | 'green'} side
 * @param {number} percent
 */
const sideLabel = (side, percent) =>
  element(
    'span',
    { class: `side ${side}${percent > 0 ? ' serves' : ''}` },
    element('b', {}, capital(side)),
    ` ${percent} %`,
  )

/** @type {Readonly<Record<string, string>>} */
const stageWords = { done: 'done', now: 'now', failed: 'stopped here', ahead: 'ahead' }

/** @param {RolloutView} rollout */
function way(rollout) {
  return element(
    'div',
    { class: 'way' },
    element('p', { class: 'more' }, element('b', {}, versionOf(rollout)), ` on its way${goalOf(rollout)}`),
    element(
      'ol',
      { class: 'stages', 'aria-label': `Stages of ${rollout.metadata.name}` },
      stagesOf(rollout).map(({ name, state }) =>
        element(
          'li',
          { class: state, 'aria-current': state === 'now' ? 'step' : undefined },
          name,
          element('span', { class: 'unseen' }, `, ${stageWords[state]}`),
        ),
      ),
    ),
  )
}

/** @type {Readonly<Record<string, readonly [string, string]>>} */
const results = {
  Passed: ['✓', 'passed'],
  Failed: ['✗', 'failed'],
  TimedOut: ['✗', 'timed out'],
  Inconclusive: ['?', 'inconclusive'],
}

/**
 * The gates of a rollout that runs, and of one that failed by them.
 *
 * @param {RolloutView} rollout
 * @param {boolean} isShownAnyway
 */
function gates({ status }, isShownAnyway) {
  const found = status?.gates ?? []
  const failed = found.some(({ result }) => result !== undefined && result !== 'Passed')
  if (found.length === 0 || !(isShownAnyway || (failed && status?.phase === 'RolledBack'))) return undefined
  return element(
    'ul',
    { class: 'gates', 'aria-label': 'Gates' },
    found.map(({ name, result, message, successes, attempts }) => {
      const [sign, word] =
        result === undefined
          ? ['◌', attempts === undefined ? 'waits' : `asks, ${successes ?? 0} good so far`]
          : (results[result] ?? ['?', result])
      const tone = result === undefined ? 'busy' : result === 'Passed' ? 'good' : 'bad'
      return element(
        'li',
        { class: tone },
        element('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
        element(
          'span',
          {},
          element('b', {}, name),
          ` ${word}`,
          tone === 'bad' && message !== undefined && element('span', { class: 'more' }, message),
        ),
      )
    }),
  )
}

/**
 * @param {ReleaseView} release
 * @param {number} now
 */
function drift({ status, metadata }, now) {
  const fields = status?.drift ?? []
  if (fields.length === 0) return undefined
  return element(
    'details',
    { class: 'drift', 'data-key': `drift-${metadata.name}` },
    element(
      'summary',
      {},
      `${fields.length} ${fields.length === 1 ? 'field differs' : 'fields differ'} from what is wanted`,
    ),
    element(
      'ul',
      {},
      fields
        .slice(0, DRIFT_SHOWN)
        .map(({ path, wanted, live, since }) =>
          element(
            'li',
            {},
            element('code', {}, path),
            element(
              'span',
              { class: 'more' },
              `wanted ${wanted ?? 'nothing'}, is ${live ?? 'nothing'} `,
              since === undefined ? undefined : when(since, now),
            ),
          ),
        ),
    ),
  )
}

/** @param {ReturnType<typeof adviceFor>} given */
const advice = (given) =>
  given === undefined
    ? undefined
    : element(
        'p',
        { class: 'advice' },
        `${given.text} `,
        given.command === undefined ? undefined : element('code', {}, given.command),
      )
