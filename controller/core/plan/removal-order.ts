/** What of a release says where it stands when everything is taken down. */
export interface Leaving {
  readonly name: string
  /** Whether rules send it requests: who asks for those goes first. */
  readonly isServed: boolean
  readonly dependsOn: readonly string[]
}

/**
 * Whom a release must wait for when its whole environment is taken down: workers and inner services, which no rule names, for all that rules send requests
 * to; and of the rest each for those that depend on it. What depends on each other in a circle waits for nobody in it.
 */
export function goesAfter(name: string, releases: readonly Leaving[]): readonly string[] {
  const self = releases.find((each) => each.name === name)
  if (self === undefined) return []
  const others = releases.filter((each) => each.name !== name)
  const isBefore = (other: Leaving): boolean =>
    other.isServed === self.isServed
      ? reaches(other.name, name, releases) && !reaches(name, other.name, releases)
      : other.isServed
  return others
    .filter(isBefore)
    .map((other) => other.name)
    .toSorted()
}

/** Whether one depends on the other, directly or by others. */
function reaches(from: string, to: string, releases: readonly Leaving[]): boolean {
  const byName = new Map(releases.map((each) => [each.name, each]))
  const seen = new Set<string>()
  const left = [from]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    left.push(...(byName.get(next)?.dependsOn ?? []))
  }
  return from !== to && seen.has(to)
}
