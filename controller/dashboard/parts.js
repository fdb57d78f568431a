/** @import { Standing } from './words.js' */
import { element } from './elements.js'
import { ago } from './times.js'

/** A sign beside every word, so that colour is never the only thing that tells. */
const signs = { good: '✓', busy: '◌', bad: '!', idle: '–' }

/**
 * @param {Standing} standing
 * @returns {Element}
 */
export const badge = ({ tone, word }) =>
  element(
    'span',
    { class: `badge ${tone}` },
    element('span', { 'aria-hidden': 'true' }, signs[tone]),
    ` ${word}`,
  )

/**
 * @param {string} timestamp
 * @param {number} now
 * @returns {Element}
 */
export const when = (timestamp, now) =>
  element('time', { datetime: timestamp, title: new Date(timestamp).toLocaleString() }, ago(timestamp, now))
