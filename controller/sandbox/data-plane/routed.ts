import type { RunningTask, Target } from '../kernel/ports-between.ts'

export interface RoutedToTarget {
  readonly kind: 'target'
  readonly task: RunningTask
  readonly target: Target
  readonly targetGroupArn: string
  /** Stickiness cookies for the answer. */
  readonly setCookies: readonly string[]
  /** With app_cookie stickiness: `setCookie` is added only when the target's answer sets the cookie `name`. */
  readonly onApplicationCookie?: { readonly name: string; readonly setCookie: string }
  /** The load balancer gives up on a target after this long, with 504. */
  readonly idleTimeoutMs: number
}

/** What becomes of a request. */
export type Routed =
  | RoutedToTarget
  | { readonly kind: 'fixed'; readonly status: number; readonly contentType: string; readonly body: string }
  | { readonly kind: 'redirect'; readonly status: 301 | 302; readonly location: string }
  | { readonly kind: 'error'; readonly status: 401 | 502 | 503 | 504 }
