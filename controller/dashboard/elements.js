/** @typedef {Node | string | null | undefined | false} Child */

const SVG = 'http://www.w3.org/2000/svg'
const SVG_TAGS = new Set(['svg', 'rect', 'title'])

/**
 * Makes an element. Text only ever becomes a text node and attributes only ever come from this code's own names, so nothing that the
 * controller says can become markup.
 *
 * @param {string} tag
 * @param {Record<string, string | number | undefined>} [attributes] Undefined ones are left out.
 * @param {...(Child | Child[])} children
 * @returns {Element}
 */
export function element(tag, attributes = {}, ...children) {
  const made = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag)
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined) made.setAttribute(name, String(value))
  for (const child of children.flat())
    if (child !== null && child !== undefined && child !== false) made.append(child)
  return made
}

/**
 * Makes `current` look like `wanted` and changes only what differs, so that focus, open details, selected text and running transitions
 * survive an update.
 *
 * @param {Element} current
 * @param {Element} wanted
 */
export function morph(current, wanted) {
  morphAttributes(current, wanted)
  const known = new Map([...current.children].map((child) => [keyOf(child), child]))
  /** @type {ChildNode | null} */
  let cursor = current.firstChild
  for (const next of Array.from(wanted.childNodes)) {
    const match = matching(next, cursor, known)
    if (match === undefined) {
      current.insertBefore(next, cursor)
      continue
    }
    if (match !== cursor) current.insertBefore(match, cursor)
    else cursor = cursor.nextSibling
    if (match instanceof Element && next instanceof Element) morph(match, next)
    else if (match.nodeValue !== next.nodeValue) match.nodeValue = next.nodeValue
  }
  while (cursor !== null) {
    const after = cursor.nextSibling
    cursor.remove()
    cursor = after
  }
}

/**
 * @param {Element} current
 * @param {Element} wanted
 */
function morphAttributes(current, wanted) {
  for (const { name } of Array.from(current.attributes))
    if (!wanted.hasAttribute(name) && name !== 'open') current.removeAttribute(name)
  for (const { name, value } of wanted.attributes)
    if (current.getAttribute(name) !== value) current.setAttribute(name, value)
}

/**
 * The node that may become `next`: the one of the same key, else the one in the same place when both have none.
 *
 * @param {ChildNode} next
 * @param {ChildNode | null} cursor
 * @param {Map<string | null, Element>} known
 * @returns {ChildNode | undefined}
 */
function matching(next, cursor, known) {
  const key = keyOf(next)
  if (key !== null) {
    const keyed = known.get(key)
    return keyed?.nodeName === next.nodeName ? keyed : undefined
  }
  return cursor !== null && cursor.nodeName === next.nodeName && keyOf(cursor) === null ? cursor : undefined
}

/**
 * @param {Node} node
 * @returns {string | null}
 */
const keyOf = (node) => (node instanceof Element ? node.getAttribute('data-key') : null)
