import type { Members } from '../../../controller/sandbox/kernel/operation.ts'

/** The first of the things that AWS has made. */
export function first(output: Members, member: string): Members {
  const [value] = output[member] as Members[]
  if (value === undefined) throw new Error(`AWS answered no ${member}`)
  return value
}
