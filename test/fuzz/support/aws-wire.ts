import { Readable } from 'node:stream'
import type { Choices } from './choices.ts'
import { HOSTILE_TEXTS } from './hostile-values.ts'
import { mutateStructure } from './mutate-structure.ts'
import { mutateText } from './mutate-text.ts'

export interface WireRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface WireAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The operation that an SDK client asks for, in either of AWS's two protocols. */
export function operationOf(request: WireRequest): string {
  const { headers } = request
  const target = Object.entries(headers).find(([name]) => name.toLowerCase() === 'x-amz-target')?.[1]
  if (target !== undefined) return target.split('.').at(-1) ?? ''
  return new URLSearchParams(requestText(request)).get('Action') ?? ''
}

/** The body of a request, which the SDK's clients give as text or as bytes. */
export function requestText({ body }: WireRequest): string {
  if (typeof body === 'string') return body
  return body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : ''
}

/** All of a stream as text. */
export async function textOf(stream: Readable): Promise<string> {
  return Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)).toString('utf8')
}

/** How an answer arrives: with these bytes, as a broken connection, in the middle of a body, or never. */
export type Delivery =
  | { readonly how: 'whole'; readonly answer: WireAnswer }
  | { readonly how: 'broken'; readonly answer: WireAnswer }
  | { readonly how: 'reset' }
  | { readonly how: 'never' }

/** An answer of AWS with members removed, emptied or retyped, cut, replaced by a proxy's page, or not arriving at all. */
export function mutateAnswer(
  answer: WireAnswer,
  choices: Choices,
  { secret }: { readonly secret: string },
): Delivery {
  const isJson = answer.body.trimStart().startsWith('{')
  const whole = (changes: Partial<WireAnswer>): Delivery => ({
    how: 'whole',
    answer: { ...answer, ...changes },
  })
  const structure = (): Delivery =>
    whole({ body: isJson ? mutateJson(answer.body, choices) : mutateXml(answer.body, choices) })
  const html = '<html><head><title>Sign in</title></head><body>proxy</body></html>'
  const error = (statusCode: number, code: string, message: string): Delivery =>
    whole({ statusCode, body: isJson ? jsonError(code, message) : xmlError(code, message) })
  return choices.pick<() => Delivery>([
    structure,
    structure,
    structure,
    structure,
    () => whole({ body: answer.body.slice(0, choices.below(answer.body.length + 1)) }),
    () =>
      whole({
        body: mutateText(answer.body, choices, { words: ['"', '{', '<', '</', '&', '<member/>', 'null'] }),
      }),
    () =>
      whole({
        statusCode: choices.pick([200, 302, 403, 502, 503]),
        headers: { 'content-type': 'text/html' },
        body: html,
      }),
    () =>
      whole({ headers: { 'content-type': choices.pick(['text/html', 'application/json', 'text/xml', '']) } }),
    () => whole({ headers: {} }),
    () => error(200, choices.pick(CODES), 'no'),
    () =>
      error(
        choices.pick([400, 403, 404, 409, 429, 500, 503]),
        choices.pick(CODES),
        `no ${choices.pick(HOSTILE_TEXTS)} ${secret}`,
      ),
    () => whole({ statusCode: choices.pick([500, 503, 404, 400, 200, 204, 418]), body: '' }),
    () =>
      whole({
        body: choices.pick(['null', '[]', '""', '0', '{}', '<a/>', '<?xml version="1.0"?>', ' ', '\u0000']),
      }),
    () => ({ how: 'never' }),
    () => ({ how: 'reset' }),
    () => ({ how: 'broken', answer }),
  ])()
}

const CODES = [
  'AccessDeniedException',
  'ThrottlingException',
  'ClientException',
  'ServiceNotFoundException',
  'ExpiredTokenException',
  'ValidationError',
  'TargetGroupNotFound',
  'ImageNotFoundException',
  '__proto__',
  'constructor',
  '',
]

const jsonError = (__type: string, message: string): string => JSON.stringify({ __type, message })

const xmlError = (code: string, message: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`

function mutateJson(body: string, choices: Choices): string {
  return JSON.stringify(mutateStructure(JSON.parse(body), choices))
}

/** Removes, empties, fills, doubles or renames one element, up to three times. */
function mutateXml(body: string, choices: Choices): string {
  let changed = body
  for (let change = 0; change < 3 && (change === 0 || !choices.isDone); change += 1) {
    const elements = [...changed.matchAll(/<([A-Za-z]+)(?: [^>]*)?>/g)]
    const opening = elements[choices.below(elements.length)]
    if (opening === undefined) return changed
    const [tag, name = ''] = opening
    const end = closingOf(changed, name, opening.index + tag.length)
    const content = changed.slice(opening.index + tag.length, end)
    const other = elements[choices.below(elements.length)]?.[1] ?? name
    const put = choices.pick([
      '',
      `<${name}></${name}>`,
      `<${name}/>`,
      `<${name}>${escaped(choices.pick(HOSTILE_TEXTS))}</${name}>`,
      `<${name}><member>${content}</member></${name}>`,
      `<${name}>${content}</${name}><${name}>${content}</${name}>`,
      `<${other}>${content}</${other}>`,
      content,
    ])
    changed = changed.slice(0, opening.index) + put + changed.slice(end + name.length + 3)
  }
  return changed
}

/** Where the element's closing tag begins; elements of the same name within are passed by. */
function closingOf(xml: string, name: string, from: number): number {
  let depth = 1
  for (const match of xml.slice(from).matchAll(new RegExp(`<(/?)${name}(?: [^>]*)?>`, 'g'))) {
    depth += match[1] === '/' ? -1 : 1
    if (depth === 0) return from + match.index
  }
  return xml.length
}

const escaped = (text: string): string =>
  text.replaceAll(/[&<>\u0000-\u001f]/g, (character) => `&#${character.codePointAt(0)};`)

/** A body that arrives whole, or whose connection breaks in the middle. */
export function bodyOf(text: string, isBroken: boolean): Readable {
  if (!isBroken) return Readable.from([Buffer.from(text)])
  return Readable.from(
    (async function* halves() {
      yield Buffer.from(text.slice(0, text.length / 2))
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
    })(),
  )
}
