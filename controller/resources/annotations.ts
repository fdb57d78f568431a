/** Annotations by which the API, or a person with kubectl, asks for something. Times are RFC 3339; the others are names of people. */
export const annotations = {
  restart: 'steersman.dev/restartRequestedAt',
  restartBy: 'steersman.dev/restartRequestedBy',
  retry: 'steersman.dev/retryRequestedAt',
  retryBy: 'steersman.dev/retryRequestedBy',
  abort: 'steersman.dev/abortRequestedAt',
  abortBy: 'steersman.dev/abortRequestedBy',
  abortReason: 'steersman.dev/abortReason',
  paused: 'steersman.dev/pausedAt',
  pausedBy: 'steersman.dev/pausedBy',
  resumed: 'steersman.dev/resumedAt',
  resumedBy: 'steersman.dev/resumedBy',
  removed: 'steersman.dev/removedAt',
} as const

/** Whether a pause was asked for that no later resume has ended. */
export function isPausedBy(marks: Readonly<Record<string, string>> | undefined): boolean {
  const paused = marks?.[annotations.paused]
  const resumed = marks?.[annotations.resumed]
  return paused !== undefined && (resumed === undefined || Date.parse(resumed) < Date.parse(paused))
}
