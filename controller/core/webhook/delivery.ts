/** Who announces pushes. */
export const SENDERS = ['github', 'gitlab', 'generic'] as const
export type Sender = (typeof SENDERS)[number]

/** A request of a webhook as it came. */
export interface Delivery {
  readonly sender: Sender
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

/** That some reference of a repository was moved. Where to is not believed: it is looked up. */
export interface Push {
  /** Addresses of the one repository, as its forge gives them. */
  readonly repositories: readonly string[]
  /** The reference in full, `refs/heads/…` or `refs/tags/…`. */
  readonly ref: string
}

/** A push; another event, which concerns nobody; or what could not be understood, and why. */
export type Heard =
  | { readonly kind: 'Push'; readonly push: Push }
  | { readonly kind: 'Other'; readonly event: string }
  | { readonly kind: 'Unreadable'; readonly why: string }

/** Reads what a sender says whose signature was right. https://docs.github.com/en/webhooks/webhook-events-and-payloads#push and https://docs.gitlab.com/user/project/integrations/webhook_events/#push-events */
export function readDelivery({ sender, headers, body }: Delivery): Heard {
  const { event, isPush, from } = FORMS[sender](headers)
  if (!isPush) return { kind: 'Other', event: shown(event) }
  const content = parsed(body)
  if (content === undefined) return { kind: 'Unreadable', why: 'the body is no JSON object' }
  const repositories = from.map((path) => textAt(content, path)).filter((text) => text !== undefined)
  if (repositories.length === 0)
    return { kind: 'Unreadable', why: `no repository is named; expected one of ${from.join(', ')}` }
  const ref = textAt(content, 'ref')
  if (ref === undefined || !/^refs\/(?:heads|tags)\/./.test(ref))
    return { kind: 'Unreadable', why: 'ref is no reference in full; expected refs/heads/… or refs/tags/…' }
  return { kind: 'Push', push: { repositories, ref } }
}

interface Form {
  /** What the sender calls it. */
  readonly event: string
  readonly isPush: boolean
  /** Where the addresses of the repository stand in the body. */
  readonly from: readonly string[]
}

const FORMS: Readonly<Record<Sender, (headers: Delivery['headers']) => Form>> = {
  github: ({ 'x-github-event': event = 'nothing' }) => ({
    event,
    isPush: event === 'push',
    from: ['repository.clone_url', 'repository.ssh_url', 'repository.html_url'],
  }),
  gitlab: ({ 'x-gitlab-event': event = 'nothing' }) => ({
    event,
    isPush: event === 'Push Hook' || event === 'Tag Push Hook',
    from: ['project.git_http_url', 'project.git_ssh_url', 'project.web_url'],
  }),
  generic: () => ({ event: 'push', isPush: true, from: ['repository'] }),
}

/** Names of events come from outside: of one that is none nothing is repeated. */
const shown = (event: string): string => (/^[A-Za-z][\w -]{0,49}$/.test(event) ? event : 'another event')

function parsed(body: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const content: unknown = JSON.parse(Buffer.from(body).toString('utf8'))
    return isRecord(content) ? content : undefined
  } catch {
    return undefined
  }
}

function textAt(content: unknown, path: string): string | undefined {
  const value = path
    .split('.')
    .reduce<unknown>(
      (inside, name) => (isRecord(inside) && Object.hasOwn(inside, name) ? inside[name] : undefined),
      content,
    )
  return typeof value === 'string' && value !== '' ? value : undefined
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
