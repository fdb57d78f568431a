import { sha256 } from './canonical-json.ts'

/** The leases of a controller whose environments are spread over so many shards; one needs no number. */
export function shardNames(count: number): readonly string[] {
  if (count === 1) return ['controller']
  return Array.from({ length: count }, (_, index) => `shard-${index}`)
}

/**
 * The shard that an environment belongs to: the same in every process that has the same shards, by rendezvous hashing
 * (https://en.wikipedia.org/wiki/Rendezvous_hashing). A further shard takes environments from the others and moves none between them.
 */
export function shardOf(environment: string, shards: readonly string[]): string {
  const [first] = byScore([environment], shards)
  if (first === undefined) throw new Error('an environment needs at least one shard')
  return first.candidate
}

/**
 * Which of the living members shall lead each shard: the same whoever works it out, and in whichever order the members are named. Every member leads as many
 * as the others or one more, so that with enough shards nobody stands idle; within that a shard goes to whom its hash prefers, which moves few of them
 * when somebody comes or goes.
 */
export function ownersOf(shards: readonly string[], members: readonly string[]): ReadonlyMap<string, string> {
  const each = Math.floor(shards.length / members.length)
  let withOneMore = shards.length % members.length
  const owners = new Map<string, string>()
  const counts = new Map<string, number>()
  for (const { key, candidate } of byScore(shards, members)) {
    const count = counts.get(candidate) ?? 0
    if (owners.has(key) || count > each || (count === each && withOneMore === 0)) continue
    if (count === each) withOneMore -= 1
    owners.set(key, candidate)
    counts.set(candidate, count + 1)
  }
  return owners
}

interface Scored {
  readonly key: string
  readonly candidate: string
  readonly score: string
}

/** Every pair of the two, those that fit best first. */
function byScore(keys: readonly string[], candidates: readonly string[]): readonly Scored[] {
  return keys
    .flatMap((key) => candidates.map((candidate) => ({ key, candidate, score: sha256([key, candidate]) })))
    .toSorted((one, other) => (one.score < other.score ? 1 : -1))
}
