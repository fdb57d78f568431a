/** Part of the user agent of every request of ours. */
export const USER_AGENT = 'steersman'
