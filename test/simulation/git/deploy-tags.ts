import { ENVIRONMENT } from '../aws/shape.ts'
import type { MemoryRemote } from './remote.ts'

export const CURRENT = `deploy/${ENVIRONMENT}/current`
const RECORDS = `deploy/${ENVIRONMENT}/`

/** Records of deployments, the newest first. */
export function records({
  remote,
}: {
  readonly remote: MemoryRemote
}): readonly { readonly number: number; readonly commit: string }[] {
  return remote
    .tags(RECORDS)
    .map(({ name, commit }) => ({ number: Number(name.slice(RECORDS.length)), commit }))
    .filter(({ number }) => Number.isInteger(number) && number > 0)
    .toSorted((one, other) => other.number - one.number)
}
