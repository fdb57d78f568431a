/** A Kubernetes label value and a name built on it must not be longer. */
const MAX_OBJECT_NAME = 63

/** Characters that `-<number>` of a rollout may take: numbers go up to 9,999,999. */
const NUMBER_SUFFIX = 8

/** The longest `<environment>-<release>` whose rollouts still have valid names. */
export const MAX_RELEASE_OBJECT_NAME = MAX_OBJECT_NAME - NUMBER_SUFFIX

/** Which release of which environment an object is about. */
export interface ReleaseKey {
  environment: string
  release: string
}

/** The name of a Release in the store: `<environment>-<release>`. It is also the family of its task definitions. */
export function releaseObjectName({ environment, release }: ReleaseKey): string {
  return `${environment}-${release}`
}

/** The name of a Rollout: `<environment>-<release>-<number>`, so `prod-web-42`. */
export function rolloutObjectName({ environment, release, number }: ReleaseKey & { number: number }): string {
  return `${environment}-${release}-${number}`
}

/** Takes a Rollout's name apart; undefined when the text is no such name. Environments may hold hyphens, so the Release's name stays whole. */
export function parseRolloutName(name: string): { releaseObject: string; number: number } | undefined {
  const match = /^([a-z][-a-z0-9]*[a-z0-9])-([1-9][0-9]{0,6})$/.exec(name)
  const [, releaseObject, number] = match ?? []
  if (releaseObject === undefined || number === undefined) return undefined
  return { releaseObject, number: Number(number) }
}

/** The name of a release inside its environment, from the stored object's name; undefined when it belongs to another environment. */
export function parseReleaseObjectName({
  name,
  environment,
}: {
  name: string
  environment: string
}): string | undefined {
  const prefix = `${environment}-`
  return name.startsWith(prefix) && name.length > prefix.length ? name.slice(prefix.length) : undefined
}

/** The names of the pair's two services, given or derived from the release's name. */
export function serviceNames({
  release,
  names,
}: {
  release: string
  names?: { blue: string; green: string } | undefined
}): { blue: string; green: string } {
  return names ?? { blue: `${release}-blue`, green: `${release}-green` }
}

/** The tag that says what serves: `deploy/<environment>/current` unless the environment names another. */
export function currentTagOf({
  environment,
  currentTag,
}: {
  environment: string
  currentTag?: string | undefined
}): string {
  return currentTag ?? `deploy/${environment}/current`
}
