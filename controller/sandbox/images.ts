import { createHash } from 'node:crypto'
import type { ImageBehavior } from './kernel/ports-between.ts'

/** What the sandbox knows of container images: how their tasks behave, and which digest stands for which tag. */
export interface Images {
  /** Says how tasks of `image` (`repository:tag`) behave from now on; throws a RangeError with a sentence for bad input. */
  set(image: string, behavior: unknown): void
  /** The behaviour of an image as a container definition names it, by tag or by digest; `{}` when nothing was said. */
  behaviorOf(image: string): ImageBehavior
  /** What the registry holds under the name; undefined when it was not pushed. */
  find(image: string): FoundImage | undefined
  /** The tag that an image's name means, also one by digest and one that was not pushed; undefined for an unknown digest. */
  tagOf(image: string): string | undefined
  /** Every image that was ever spoken of, by repository. */
  tagsOf(repository: string): string[]
  repositories(): string[]
  onChange(listener: (change: ImageChange) => void): void
  list(): { image: string; behavior: ImageBehavior }[]
  dump(): unknown
  load(state: unknown): void
}

/** What was said of an image, and what is said of it from now on. */
export interface ImageChange {
  /** `repository:tag`. */
  readonly name: string
  readonly before: ImageBehavior
  readonly after: ImageBehavior
}

export interface FoundImage {
  readonly repository: string
  readonly tag: string
  readonly digest: string
}

interface Dumped {
  readonly behaviors: [string, ImageBehavior][]
  readonly names: [string, string][]
}

/** Names as container definitions have them that are kept; more are worked out again. */
const MOST_NAMES = 10_000

/** An empty book of images: any `repository:tag` exists, with a digest derived from its name, unless it is set missing. */
export function createImages(): Images {
  const behaviors = new Map<string, ImageBehavior>()
  const nameByDigest = new Map<string, string>()
  const listeners: ((change: ImageChange) => void)[] = []

  /** Asked at every health check of every task, so what was worked out once is kept. */
  const names = new Map<string, string>()

  const tags = new Map<string, string>()

  function tagIn(name: string): string {
    const known = tags.get(name)
    if (known !== undefined) return known
    const { tag } = imageReference(name)
    if (tags.size >= MOST_NAMES) tags.clear()
    tags.set(name, tag)
    return tag
  }

  function nameOf(image: string): string | undefined {
    const known = names.get(image)
    if (known !== undefined) return known
    const { repository, tag, digest } = imageReference(image)
    const name = digest === undefined ? `${repository}:${tag}` : nameByDigest.get(`${repository}@${digest}`)
    if (name === undefined) return undefined
    if (digest === undefined) nameByDigest.set(`${repository}@${digestOf(name)}`, name)
    if (names.size >= MOST_NAMES) names.clear()
    names.set(image, name)
    return name
  }
  const known = (): FoundImage[] => [...nameByDigest.values()].map(described)

  return {
    set(image, behavior) {
      const name = nameOf(image)
      if (name === undefined)
        throw new RangeError(`image ${image} must be named by repository:tag, not by digest`)
      const [before, after] = [behaviors.get(name) ?? {}, checkedBehavior(behavior)]
      behaviors.set(name, after)
      for (const listener of listeners) listener({ name, before, after })
    },
    behaviorOf: (image) => behaviors.get(nameOf(image) ?? '') ?? {},
    find(image) {
      const name = nameOf(image)
      return name === undefined || behaviors.get(name)?.missing === true ? undefined : described(name)
    },
    tagOf(image) {
      const name = nameOf(image)
      return name === undefined ? undefined : tagIn(name)
    },
    tagsOf: (repository) => known().flatMap((image) => (image.repository === repository ? [image.tag] : [])),
    repositories: () => [...new Set(known().map((image) => image.repository))],
    onChange: (listener) => void listeners.push(listener),
    list: () => [...behaviors].map(([image, behavior]) => ({ image, behavior })),
    dump: (): Dumped => ({ behaviors: [...behaviors], names: [...nameByDigest] }),
    load(state) {
      const dumped = state as Dumped
      behaviors.clear()
      nameByDigest.clear()
      names.clear()
      for (const [image, behavior] of dumped.behaviors) behaviors.set(image, behavior)
      for (const [digest, name] of dumped.names) nameByDigest.set(digest, name)
    },
  }
}

/** Takes an image's name apart; the registry's host is left out, so that `web:v1` and `…dkr.ecr…/web:v1` are one image. */
export function imageReference(image: string): { repository: string; tag: string; digest?: string } {
  const [name = '', digest] = image.split('@', 2)
  const slash = name.indexOf('/')
  const host = slash > 0 ? name.slice(0, slash) : ''
  const path = /[.:]/.test(host) || host === 'localhost' ? name.slice(slash + 1) : name
  const colon = path.lastIndexOf(':')
  const tagged = colon > path.lastIndexOf('/')
  return {
    repository: tagged ? path.slice(0, colon) : path,
    tag: tagged ? path.slice(colon + 1) : 'latest',
    ...(digest === undefined ? {} : { digest }),
  }
}

/** The digest that the sandbox's registry gives to `repository:tag`. */
function digestOf(name: string): string {
  return `sha256:${createHash('sha256').update(name).digest('hex')}`
}

function described(name: string): FoundImage {
  const { repository, tag } = imageReference(name)
  return { repository, tag, digest: digestOf(name) }
}

const isSeconds = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= 86_400
const isStatus = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 200 && value <= 599
const isExitCode = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255
const isEnd = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).every(([name, given]) =>
    name === 'seconds' ? isSeconds(given) : name === 'exitCode' && isExitCode(given),
  )
const SCAN_STATUSES: ReadonlySet<unknown> = new Set([
  'NONE',
  'ACTIVE',
  'COMPLETE',
  'FAILED',
  'FINDINGS_UNAVAILABLE',
  'IMAGE_ARCHIVED',
  'IN_PROGRESS',
  'LIMIT_EXCEEDED',
  'PENDING',
  'SCAN_ELIGIBILITY_EXPIRED',
  'UNSUPPORTED_IMAGE',
])
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0
const isScan = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).every(
    ([name, member]: [string, unknown]) =>
      (name === 'status' && SCAN_STATUSES.has(member)) ||
      (name === 'findings' &&
        typeof member === 'object' &&
        member !== null &&
        Object.values(member).every(isCount)),
  )
const isBoolean = (value: unknown): boolean => typeof value === 'boolean'
const seconds = { accepts: isSeconds, wants: 'a number of seconds from 0 to 86400' }

const MEMBERS: Record<keyof ImageBehavior, { accepts: (value: unknown) => boolean; wants: string }> = {
  startSeconds: seconds,
  healthyAfterSeconds: seconds,
  crashAfterSeconds: seconds,
  status: { accepts: isStatus, wants: 'an HTTP status from 200 to 599' },
  latencyMs: {
    accepts: (value) => typeof value === 'number' && value >= 0 && value <= 600_000,
    wants: 'a number of milliseconds from 0 to 600000',
  },
  neverStarts: { accepts: isBoolean, wants: 'true or false' },
  missing: { accepts: isBoolean, wants: 'true or false' },
  scan: { accepts: isScan, wants: '{"status": a status of ECR, or NONE, "findings": {SEVERITY: a number}}' },
  body: { accepts: (value) => typeof value === 'string', wants: 'a string' },
  command: {
    accepts: (value) => typeof value === 'string' && value !== '' && value.length <= 4096,
    wants: 'a shell command of at most 4096 characters',
  },
  health: {
    accepts: (value) =>
      typeof value === 'object' &&
      value !== null &&
      Object.keys(value).join() === 'status' &&
      isStatus((value as { status: unknown }).status),
    wants: '{"status": an HTTP status from 200 to 599}',
  },
  override: {
    accepts: isEnd,
    wants: '{"seconds": from 0 to 86400, "exitCode": from 0 to 255}',
  },
}

function isMember(name: string): name is keyof ImageBehavior {
  return Object.hasOwn(MEMBERS, name)
}

/** The behaviour as it was given, once every member is known and sensible; throws a RangeError that names the member. */
export function checkedBehavior(behavior: unknown): ImageBehavior {
  if (typeof behavior !== 'object' || behavior === null || Array.isArray(behavior)) {
    throw new RangeError('behavior must be an object')
  }
  for (const [name, value] of Object.entries(behavior)) {
    if (!isMember(name)) {
      throw new RangeError(`behavior.${name} is not known; known are ${Object.keys(MEMBERS).join(', ')}`)
    }
    if (!MEMBERS[name].accepts(value)) throw new RangeError(`behavior.${name} must be ${MEMBERS[name].wants}`)
  }
  return behavior
}
