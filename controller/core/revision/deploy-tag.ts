/** What one release served when a deploy tag was written; enough to serve it again without the store. */
export interface DeployedRelease {
  readonly release: string
  readonly rollout: string | undefined
  /** The image's digest, `sha256:…`. */
  readonly image: string | undefined
  /** The task definition's ARN. */
  readonly taskDefinition: string | undefined
  /** The image's tag, for placeholders of gates. */
  readonly tag?: string | undefined
  /** The digests of the other containers that were given an image, by the container's name. */
  readonly sidecars?: Readonly<Record<string, string>>
}

export interface DeployTag {
  readonly environment: string | undefined
  readonly number: number | undefined
  readonly releases: readonly DeployedRelease[]
}

const MAX_RELEASES = 1_000

/** The message of `deploy/<environment>/<number>` (and of `current`): a subject for people and one trailer for each release. */
export function deployTagMessage({
  environment,
  number,
  commit,
  releases,
}: {
  readonly environment: string
  readonly number: number
  readonly commit: string
  readonly releases: readonly DeployedRelease[]
}): string {
  const lines = releases.toSorted((one, other) => (one.release < other.release ? -1 : 1)).map(releaseTrailer)
  return [
    `Deployment ${number} of ${environment}`,
    '',
    `Every release of commit ${commit} was verified and serves.`,
    '',
    `Steersman-Environment: ${environment}`,
    `Steersman-Number: ${number}`,
    ...lines,
    '',
  ].join('\n')
}

/** What a deploy tag's trailers say. Never throws: people write tags too, and what cannot be read is left out. */
export function parseDeployTag(tag: {
  readonly trailers: readonly { readonly key: string; readonly value: string }[]
}): DeployTag {
  const valuesOf = (key: string): readonly string[] =>
    tag.trailers.filter((trailer) => trailer.key.toLowerCase() === key).map((trailer) => trailer.value.trim())
  const number = valuesOf('steersman-number')[0] ?? ''
  const releases = new Map<string, DeployedRelease>()
  for (const value of valuesOf('steersman-release').slice(0, MAX_RELEASES)) {
    const release = parseRelease(value)
    if (release !== undefined && !releases.has(release.release)) releases.set(release.release, release)
  }
  return {
    environment: valuesOf('steersman-environment')[0],
    number: /^[1-9]\d{0,8}$/.test(number) ? Number(number) : undefined,
    releases: [...releases.values()],
  }
}

function releaseTrailer(release: DeployedRelease): string {
  const parts = [
    release.release,
    ...(release.rollout === undefined ? [] : [`rollout=${release.rollout}`]),
    ...(release.image === undefined ? [] : [`image=${release.image}`]),
    ...(release.taskDefinition === undefined ? [] : [`task-definition=${release.taskDefinition}`]),
    ...(release.tag === undefined ? [] : [`tag=${release.tag}`]),
    ...Object.entries(release.sidecars ?? {}).map(([container, digest]) => `image.${container}=${digest}`),
  ]
  if (parts.some((part) => !/^[\x21-\x7e]+$/.test(part))) {
    throw new Error(
      `release '${release.release}' cannot be written into a tag: a value is empty or holds a blank`,
    )
  }
  return `Steersman-Release: ${parts.join(' ')}`
}

function parseRelease(value: string): DeployedRelease | undefined {
  const [release = '', ...parts] = value.split(/\s+/)
  if (!/^[a-z0-9]([-a-z0-9]{0,62})$/.test(release)) return undefined
  const valueOf = (key: string): string | undefined =>
    parts.find((part) => part.startsWith(`${key}=`))?.slice(key.length + 1) || undefined
  const image = valueOf('image')
  const tag = valueOf('tag')
  const sidecars = parts.flatMap((part) => {
    const [, container, digest] = /^image\.([\w-]{1,255})=(sha256:[0-9a-f]{64})$/.exec(part) ?? []
    return container === undefined || digest === undefined ? [] : [[container, digest] as const]
  })
  return {
    release,
    rollout: valueOf('rollout'),
    image: image !== undefined && /^sha256:[0-9a-f]{64}$/.test(image) ? image : undefined,
    taskDefinition: valueOf('task-definition'),
    ...(tag === undefined ? {} : { tag }),
    ...(sidecars.length === 0 ? {} : { sidecars: Object.fromEntries(sidecars) }),
  }
}
