import { sha256 } from './canonical-json.ts'

/** The leases of a controller whose environments are spread over so many shards; one needs no number. */
export function shardNames(count: number): readonly string[] {
  if (count === 1) return ['controller']
  return Array.from({ length: count }, (_, index) => `shard-${index}`)
}

/** The shard that an environment belongs to: the same in every process that has the same shards. */
export const shardOf = (environment: string, shards: readonly string[]): string =>
  highest(environment, shards)

/** Which of the living members shall lead a shard; undefined without members. */
export function ownerOf(shard: string, members: readonly string[]): string | undefined {
  return members.length === 0 ? undefined : highest(shard, members)
}

/** Rendezvous hashing: a candidate that comes or goes moves only the keys that it wins or had won (https://en.wikipedia.org/wiki/Rendezvous_hashing). */
function highest(key: string, candidates: readonly string[]): string {
  const scored = candidates.map((candidate) => ({ candidate, score: sha256([key, candidate]) }))
  return scored.reduce((best, each) => (each.score > best.score ? each : best)).candidate
}
