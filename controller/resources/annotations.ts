/** Annotations by which the API, or a person with kubectl, asks for something. Times are RFC 3339; tokens tell a request that is sent again from a new one; the others are names of people. */
export const annotations = {
  restart: 'steersman.dev/restartRequestedAt',
  restartBy: 'steersman.dev/restartRequestedBy',
  restartToken: 'steersman.dev/restartRequestToken',
  retry: 'steersman.dev/retryRequestedAt',
  retryBy: 'steersman.dev/retryRequestedBy',
  retryToken: 'steersman.dev/retryRequestToken',
  failback: 'steersman.dev/failbackRequestedAt',
  failbackBy: 'steersman.dev/failbackRequestedBy',
  failbackToken: 'steersman.dev/failbackRequestToken',
  failbackTo: 'steersman.dev/failbackTo',
  failbackReason: 'steersman.dev/failbackReason',
  /** The environment's newest `resume` then: another one ends it, whatever clocks say. */
  failbackResume: 'steersman.dev/failbackResume',
  abort: 'steersman.dev/abortRequestedAt',
  abortBy: 'steersman.dev/abortRequestedBy',
  abortReason: 'steersman.dev/abortReason',
  decided: 'steersman.dev/decidedAt',
  decidedBy: 'steersman.dev/decidedBy',
  decidedGate: 'steersman.dev/decidedGate',
  decision: 'steersman.dev/decision',
  decisionComment: 'steersman.dev/decisionComment',
  decisionToken: 'steersman.dev/decisionToken',
  answered: 'steersman.dev/answeredAt',
  answeredGate: 'steersman.dev/answeredGate',
  answer: 'steersman.dev/answer',
  paused: 'steersman.dev/pausedAt',
  pausedBy: 'steersman.dev/pausedBy',
  resumed: 'steersman.dev/resumedAt',
  resumedBy: 'steersman.dev/resumedBy',
  freezeOverridden: 'steersman.dev/freezeOverriddenAt',
  freezeOverriddenBy: 'steersman.dev/freezeOverriddenBy',
  freezeOverriddenReason: 'steersman.dev/freezeOverriddenReason',
  planApproved: 'steersman.dev/planApprovedAt',
  planApprovedBy: 'steersman.dev/planApprovedBy',
  approvedPlan: 'steersman.dev/approvedPlan',
  unlock: 'steersman.dev/unlockRequestedAt',
  unlockBy: 'steersman.dev/unlockRequestedBy',
  unlockId: 'steersman.dev/unlockId',
  removed: 'steersman.dev/removedAt',
  /** By a controller that heard what concerns another one: it is to be looked at. */
  heard: 'steersman.dev/heardAt',
  /** By a webhook: the environment's repository has something new. */
  pushed: 'steersman.dev/pushedAt',
} as const

/** Whether a pause was asked for that no later resume has ended. */
export function isPausedBy(marks: Readonly<Record<string, string>> | undefined): boolean {
  const paused = marks?.[annotations.paused]
  const resumed = marks?.[annotations.resumed]
  return paused !== undefined && (resumed === undefined || Date.parse(resumed) < Date.parse(paused))
}
