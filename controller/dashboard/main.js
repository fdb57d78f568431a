import { follow, keepToken, readAll, Refused } from './connection.js'
import { element, morph } from './elements.js'
import { page } from './page.js'
import { apply, emptyState, put } from './state.js'

const main = /** @type {HTMLElement} */ (document.querySelector('#main'))
const connection = /** @type {HTMLElement} */ (document.querySelector('#connection'))

/** Words like "3 min ago" are written anew so often. */
const REFRESH_MS = 10_000
const LONGEST_WAIT_MS = 15_000

let state = emptyState()
let isPlanned = false

/** Draws at the next frame, however many changes come until then. */
function draw() {
  if (isPlanned) return
  isPlanned = true
  requestAnimationFrame(() => {
    isPlanned = false
    morph(main, element('main', { id: 'main', tabindex: -1 }, page(state, Date.now())))
  })
}

/**
 * @param {'live' | 'away' | 'connecting'} tone
 * @param {string} text
 */
function tell(tone, text) {
  connection.className = tone
  connection.textContent = text
}

/** Reads everything, then follows the changes; begins anew only when the server no longer knows what happened in between. */
async function live() {
  const { objects, resourceVersion } = await readAll()
  state = emptyState()
  for (const object of objects) put(state, object)
  draw()
  let version = resourceVersion
  for (let isExpired = false; !isExpired;) {
    const { expired } = await follow(version, {
      opened: () => tell('live', 'Live'),
      changed: (change, next) => {
        apply(state, change)
        version = next
        draw()
      },
    })
    isExpired = expired
    if (!expired) tell('connecting', 'Connecting again…')
  }
}

/** Keeps the page live for as long as it is open. */
async function stay() {
  for (let failures = 0; ;) {
    const began = Date.now()
    try {
      await live()
      failures = 0
    } catch (error) {
      if (error instanceof Refused && error.status === 401) {
        await signIn()
        continue
      }
      failures = Date.now() - began > 60_000 ? 1 : failures + 1
      tell('away', error instanceof Refused ? error.message : 'The controller does not answer; trying again…')
      await pause(Math.min(LONGEST_WAIT_MS, 500 * 2 ** failures) * (0.5 + Math.random() / 2))
    }
  }
}

/** @param {number} durationMs */
const pause = (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs))

/** Asks for a token; resolves when one was given. */
function signIn() {
  const template = /** @type {HTMLTemplateElement} */ (document.querySelector('#sign-in'))
  const wasTried = sessionStorage.getItem('steersman-token') !== null
  main.replaceChildren(template.content.cloneNode(true))
  tell('away', 'No token')
  const form = /** @type {HTMLFormElement} */ (main.querySelector('form'))
  const input = /** @type {HTMLInputElement} */ (form.querySelector('input'))
  const alert = /** @type {HTMLElement} */ (form.querySelector('[role=alert]'))
  if (wasTried) alert.textContent = 'The controller does not know that token.'
  input.focus()
  return new Promise((resolve) => {
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      keepToken(input.value.trim())
      main.replaceChildren()
      resolve(undefined)
    })
  })
}

setInterval(draw, REFRESH_MS)
await stay()
