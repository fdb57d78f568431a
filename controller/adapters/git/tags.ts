import { PortError } from '../../ports/error.ts'
import type { NewTag, PreparedTag, TagFacts } from '../../ports/source.ts'
import type { Mirror } from './mirror.ts'
import { objectId, tagReference } from './names.ts'
import { signPayload } from './signing.ts'
import { parseTrailers } from './trailers.ts'
import { readObjects } from './tree.ts'

/** Who writes Steersman's own tags and commits. */
const STEERSMAN_IDENTITY = 'Steersman <steersman@steersman.dev>'

const SIGNATURE = /^-----BEGIN (?:SSH|PGP) (?:SIGNATURE|MESSAGE)-----$/m

/** A tag of the mirror, or undefined; for a lightweight tag the committer stands in for the tagger. */
export function readTag(mirror: Mirror, name: string): Promise<TagFacts | undefined> {
  const reference = tagReference(name)
  return mirror.memory.ofReference(reference, () => parseTag(mirror, { name, reference }))
}

async function parseTag(
  mirror: Mirror,
  { name, reference }: { readonly name: string; readonly reference: string },
): Promise<TagFacts | undefined> {
  const peeled = `${reference}^{commit}`
  const objects = await readObjects(mirror, [reference, peeled])
  const object = objects.get(reference)
  const commit = objects.get(peeled)
  if (object === undefined || commit === undefined) return undefined
  const annotated = object.type === 'tag'
  const { headers, body } = splitObject(object.content.toString('utf8'))
  const signer = parseIdentity(headers.get(annotated ? 'tagger' : 'committer') ?? '')
  const message = annotated ? body.slice(0, SIGNATURE.exec(body)?.index ?? body.length) : ''
  return {
    name,
    object: object.id,
    commit: commit.id,
    annotated,
    tagger: signer.identity,
    taggedAt: signer.at,
    message: message.trimEnd(),
    trailers: parseTrailers(message),
  }
}

/** The headers of a commit or tag object by name (of repeated ones the first) and its message. */
export function splitObject(text: string): {
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
} {
  const end = text.indexOf('\n\n')
  const head = end < 0 ? text : text.slice(0, end)
  const headers = new Map<string, string>()
  let current = ''
  for (const line of head.split('\n')) {
    if (line.startsWith(' ')) {
      headers.set(current, `${headers.get(current) ?? ''}\n${line.slice(1)}`)
      continue
    }
    const blank = line.indexOf(' ')
    current = blank < 0 ? line : line.slice(0, blank)
    if (!headers.has(current)) headers.set(current, line.slice(current.length + 1))
  }
  return { headers, body: end < 0 ? '' : text.slice(end + 2) }
}

/** Writes annotated tag objects into the mirror without any reference to them; without a key the same input gives the same ids. */
export async function prepareTags(
  mirror: Mirror,
  request: {
    readonly tags: readonly NewTag[]
    readonly at: number
    readonly signingKeyFile: string | undefined
  },
): Promise<readonly PreparedTag[]> {
  const prepared: PreparedTag[] = []
  for (const tag of request.tags) {
    const payload = tagPayload(tag, request.at)
    const signature =
      request.signingKeyFile === undefined
        ? ''
        : await signPayload(mirror, { payload, keyFile: request.signingKeyFile, at: request.at })
    const object = (await mirror.local(['mktag', '--strict'], { input: `${payload}${signature}` })).trim()
    prepared.push({ name: tag.name, object, commit: tag.commit })
  }
  return prepared
}

function tagPayload(tag: NewTag, at: number): string {
  tagReference(tag.name)
  if (tag.message.includes('\0') || SIGNATURE.test(tag.message)) {
    throw new PortError(`the message of tag ${tag.name} holds what no message may hold`, {
      code: 'SourceRefused',
      handling: 'stall',
    })
  }
  return [
    `object ${objectId(tag.commit)}`,
    'type commit',
    `tag ${tag.name}`,
    `tagger ${STEERSMAN_IDENTITY} ${Math.floor(at / 1_000)} +0000`,
    '',
    `${tag.message.trim()}\n`,
  ].join('\n')
}

function parseIdentity(line: string): { readonly identity: string; readonly at: number } {
  const match = /^(.*>) (\d{1,12}) [+-]\d{4}$/.exec(line)
  return { identity: match?.[1] ?? line, at: Number(match?.[2] ?? 0) * 1_000 }
}
