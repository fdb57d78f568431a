import { PortError } from '../../ports/error.ts'

/** One call to a forge. */
export interface ForgeCall {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>>
}

export interface ForgeAnswer {
  readonly status: number
  /** Undefined where it is not JSON. */
  readonly json: unknown
}

const TIMEOUT_MS = 30_000
const LIMIT_BYTES = 1024 * 1024

/** Asks once and follows no redirect, so that the token goes nowhere else. Rejects with `ForgeUnreachable` (retry). */
export async function askForge({ method, url, headers, body }: ForgeCall): Promise<ForgeAnswer> {
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { ...headers, 'user-agent': 'steersman', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, json: parsed(await limited(response)) }
  } catch (cause) {
    throw new PortError(`${new URL(url).host} gave no answer: ${reasonOf(cause)}`, {
      code: 'ForgeUnreachable',
      handling: 'retry',
      ambiguous: method === 'POST',
      remedy: 'the branch is pushed: try again, or open the pull request by hand',
      cause,
    })
  }
}

async function limited({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  if (body === null) return ''
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > LIMIT_BYTES) throw new Error(`more than ${LIMIT_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}

/** What a forge's refusal means for whoever asked, by its status. */
export function refused(
  { status, json }: ForgeAnswer,
  { place, scope, token }: { readonly place: string; readonly scope: string; readonly token: string },
): PortError {
  const said = messageIn(json).replaceAll(token, '***')
  return new PortError(`${place} answered ${status}${said === '' ? '' : `: ${said}`}`, {
    code: status === 401 || status === 403 || status === 404 ? 'ForgeDenied' : 'ForgeRefused',
    handling: 'stall',
    remedy: remedyFor(status, scope),
  })
}

function remedyFor(status: number, scope: string): string {
  if (status === 401) return 'STEERSMAN_FORGE_TOKEN is not known there, or has run out: make a new one'
  if (status === 403 || status === 404)
    return `let the token see the repository and write pull requests (${scope}), or correct --forge`
  if (status === 429 || status >= 500)
    return 'the branch is pushed: try again later, or open the pull request by hand'
  return 'the branch is pushed: open the pull request by hand'
}

const LONGEST_MESSAGE = 400

/** `message` is a text, or with GitLab a list of texts; GitHub adds `errors` with messages of their own. */
function messageIn(json: unknown): string {
  const { message, errors } = (json ?? {}) as { readonly message?: unknown; readonly errors?: unknown }
  const details = Array.isArray(errors)
    ? errors.map((entry: unknown) => (entry as { readonly message?: unknown } | null)?.message)
    : []
  const texts = [message, ...details].flat().filter((text) => typeof text === 'string')
  return texts
    .join('; ')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
    .slice(0, LONGEST_MESSAGE)
}

/** A page's address among the answer's members; throws where there is none that a person could open. */
export function pageIn(json: unknown, member: string, place: string): { readonly url: string } {
  const value = (json as Readonly<Record<string, unknown>> | undefined)?.[member]
  const url = typeof value === 'string' ? URL.parse(value) : null
  if (url !== null && /^https?:$/.test(url.protocol)) return { url: url.href }
  throw new PortError(`${place} does not name the page of the pull request`, {
    code: 'ForgeRefused',
    handling: 'stall',
    remedy: 'look there whether it was opened',
  })
}
