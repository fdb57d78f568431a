/** @import { AnyView, ErrorView, ListView, ViewEvent } from '../api/view.ts' */

/** The API refused: `status` says why. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

/** The server beats every 15 seconds: a stream that is silent for so long is dead. */
const SILENCE_MS = 40_000

/** Pages of 500; more environments and releases than that are not for one screen. */
const MAXIMUM_PAGES = 20

const TOKEN = 'steersman-token'

/** @param {string} token */
export const keepToken = (token) => sessionStorage.setItem(TOKEN, token)

/**
 * Reads everything that the page shows; the version is the one to watch from.
 *
 * @returns {Promise<{ objects: AnyView[], resourceVersion: string }>}
 */
export async function readAll() {
  const environments = await pages('environments', MAXIMUM_PAGES)
  const [releases, rollouts] = await Promise.all([pages('releases', MAXIMUM_PAGES), pages('rollouts', 1)])
  return {
    objects: [...environments.items, ...releases.items, ...rollouts.items],
    resourceVersion: environments.resourceVersion,
  }
}

/**
 * Follows the changes after a version until the stream ends; resolves to whether the lists have to be read again.
 *
 * @param {string} resourceVersion
 * @param {{ opened: () => void, changed: (change: ViewEvent, version: string) => void }} told
 * @returns {Promise<{ expired: boolean }>}
 */
export async function follow(resourceVersion, { opened, changed }) {
  const stop = new AbortController()
  const watchdog = silence(() => stop.abort())
  try {
    const query = new URLSearchParams({ resourceVersion })
    const response = await call(`watch?${query}`, stop.signal)
    if (response.status === 410) return { expired: true }
    await assertOk(response)
    opened()
    for await (const { event, data, id } of messages(response, watchdog.reset)) {
      if (event === 'EXPIRED') return { expired: true }
      const object = /** @type {AnyView} */ (JSON.parse(data))
      changed(/** @type {ViewEvent} */ ({ type: event, object }), id)
    }
    return { expired: false }
  } finally {
    watchdog.stop()
    stop.abort()
  }
}

/**
 * @param {string} list
 * @param {number} limit Pages.
 * @returns {Promise<{ items: AnyView[], resourceVersion: string }>}
 */
async function pages(list, limit) {
  /** @type {AnyView[]} */
  const items = []
  let resourceVersion = ''
  let next = ''
  for (let count = 0; count < limit; count += 1) {
    const response = await call(
      `${list}?limit=${list === 'rollouts' ? 200 : 500}${next}`,
      AbortSignal.timeout(20_000),
    )
    await assertOk(response)
    const page = /** @type {ListView<AnyView>} */ (await response.json())
    items.push(...page.items)
    if (resourceVersion === '') resourceVersion = page.metadata.resourceVersion
    if (page.metadata.continue === undefined) break
    next = `&continue=${encodeURIComponent(page.metadata.continue)}`
  }
  return { items, resourceVersion }
}

/**
 * @param {string} path
 * @param {AbortSignal} signal
 */
function call(path, signal) {
  const token = sessionStorage.getItem(TOKEN)
  const headers = new Headers(token === null ? {} : { authorization: `Bearer ${token}` })
  return fetch(`/api/v1/${path}`, { headers, signal, cache: 'no-store' })
}

/** @param {Response} response */
async function assertOk(response) {
  if (response.ok) return
  const body = /** @type {Partial<ErrorView>} */ (await response.json().catch(() => ({})))
  throw new Refused(response.status, body.error?.message ?? `the controller answered ${response.status}`)
}

/**
 * @param {Response} response
 * @param {() => void} heard Called for every piece that arrives, heartbeats too.
 */
async function* messages(response, heard) {
  if (response.body === null) return
  let rest = ''
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    heard()
    const blocks = (rest + text).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(
        block
          .split('\n')
          .map((line) => /** @type {const} */ ([line.split(':')[0], line.slice(line.indexOf(': ') + 2)])),
      )
      const data = fields.get('data')
      if (data !== undefined) yield { event: fields.get('event') ?? '', data, id: fields.get('id') ?? '' }
    }
  }
}

/** @param {() => void} end */
function silence(end) {
  let timer = setTimeout(end, SILENCE_MS)
  return {
    stop: () => clearTimeout(timer),
    reset: () => {
      clearTimeout(timer)
      timer = setTimeout(end, SILENCE_MS)
    },
  }
}
