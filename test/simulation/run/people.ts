/** Who may approve what others pushed. */
export const APPROVERS = ['ops', 'lead'] as const
/** The author of every commit: among the approvers, and never one of his own. */
export const PUSHER = 'Dev'
