/** @import { EnvironmentView, RolloutView } from '../api/view.ts' */
/** @import { State } from './state.js' */
import { element } from './elements.js'
import { badge, when } from './parts.js'
import { releaseCard } from './release.js'
import { newestFirst, releasesOf } from './state.js'
import { between } from './times.js'
import { causeOf, goalOf, environmentStanding, rolloutStanding, short, versionOf } from './words.js'

const ROLLOUTS_SHOWN = 20
const ISSUES_SHOWN = 10

/**
 * All that stands below the page's head.
 *
 * @param {State} state
 * @param {number} now Milliseconds since the epoch.
 * @returns {Element[]}
 */
export function page(state, now) {
  const environments = [...state.environments.values()].toSorted((one, other) =>
    one.metadata.name.localeCompare(other.metadata.name),
  )
  if (environments.length === 0) return [emptyPage()]
  return [
    ...environments.map((environment) => environmentSection(state, environment, now)),
    timeline(newestFirst(state), now),
  ]
}

const emptyPage = () =>
  element(
    'div',
    { class: 'empty' },
    element('h2', {}, 'No environment yet'),
    element('p', {}, 'Put an Environment into the config directory: it shows up here by itself.'),
  )

/**
 * @param {State} state
 * @param {EnvironmentView} environment
 * @param {number} now
 */
function environmentSection(state, environment, now) {
  const { name } = environment.metadata
  const standing = environmentStanding(environment)
  const releases = releasesOf(state, environment.metadata.name)
  const id = `environment-${name}`
  return element(
    'section',
    { class: 'environment', 'data-key': id, 'aria-labelledby': id },
    element('div', { class: 'heading' }, element('h2', { id }, name), badge(standing)),
    element('p', { class: 'sentence' }, standing.sentence),
    facts(environment, now),
    issues(environment),
    releases.length === 0
      ? element('p', { class: 'empty' }, 'No release was read from the branch yet.')
      : element(
          'div',
          { class: 'releases' },
          releases.map((release) => releaseCard(state, { release, environment, now })),
        ),
  )
}

/**
 * @param {EnvironmentView} environment
 * @param {number} now
 */
function facts({ spec, status }, now) {
  const head = status?.head
  const deployed = status?.deployed
  const pending = status?.pending ?? 0
  return element(
    'dl',
    { class: 'facts' },
    fact(
      'Branch',
      element('span', {}, `${spec.source.branch} `, element('code', {}, short(head?.commit))),
      head?.subject,
      head?.seenAt === undefined ? undefined : when(head.seenAt, now),
    ),
    fact(
      'Deployed',
      element(
        'span',
        {},
        deployed === undefined ? '' : `number ${deployed.number} `,
        element('code', {}, short(status?.tag?.commit)),
      ),
      pending === 0 ? undefined : `${pending} ${pending === 1 ? 'commit' : 'commits'} behind the branch`,
    ),
  )
}

/**
 * @param {string} name
 * @param {Element} value
 * @param {...(string | Element | undefined)} more
 */
const fact = (name, value, ...more) =>
  element(
    'div',
    {},
    element('dt', {}, name),
    element(
      'dd',
      {},
      value,
      more.filter((each) => each !== undefined).map((each) => element('span', { class: 'more' }, each)),
    ),
  )

/** @param {EnvironmentView} environment */
function issues({ status }) {
  const found = status?.issues ?? []
  if (found.length === 0) return undefined
  const rest = found.length - ISSUES_SHOWN
  return element(
    'div',
    { class: 'issues' },
    element('h3', {}, `${short(status?.issuesCommit)} can't be deployed`),
    element(
      'ul',
      {},
      found.slice(0, ISSUES_SHOWN).map((issue) => element('li', {}, element('code', {}, issue))),
    ),
    rest > 0 && element('p', { class: 'more' }, `and ${rest} more`),
  )
}

/**
 * @param {RolloutView[]} rollouts Newest first.
 * @param {number} now
 */
function timeline(rollouts, now) {
  return element(
    'section',
    { class: 'timeline', 'data-key': 'timeline', 'aria-labelledby': 'timeline' },
    element('h2', { id: 'timeline' }, 'Recent rollouts'),
    rollouts.length === 0
      ? element('p', { class: 'empty' }, 'None yet. The first merge makes one.')
      : element(
          'ol',
          {},
          rollouts.slice(0, ROLLOUTS_SHOWN).map((rollout) => timelineEntry(rollout, now)),
        ),
  )
}

/**
 * @param {RolloutView} rollout
 * @param {number} now
 */
function timelineEntry(rollout, now) {
  const { metadata, status } = rollout
  const standing = rolloutStanding(rollout)
  const took = between(status?.startedAt, status?.finishedAt)
  return element(
    'li',
    { class: standing.tone, 'data-key': metadata.name },
    element(
      'div',
      { class: 'line' },
      element('strong', {}, metadata.name),
      badge(standing),
      when(status?.startedAt ?? metadata.creationTimestamp, now),
    ),
    element(
      'p',
      { class: 'more' },
      `${versionOf(rollout)}${goalOf(rollout)}, because of ${causeOf(rollout)}${took === undefined ? '' : `; took ${took}`}`,
    ),
    standing.tone === 'bad' && element('p', { class: 'reason' }, standing.sentence),
  )
}
