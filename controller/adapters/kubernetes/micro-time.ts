/** A `MicroTime` of Kubernetes, which the server takes with exactly six digits; from milliseconds since the epoch. */
export const micro = (timeMs: number): string => new Date(timeMs).toISOString().replace(/Z$/, '000Z')
