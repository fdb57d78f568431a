/** Given along with a command's options: hears the body of a good answer before the SDK reads it, and may throw to keep it from that. */
export interface ByteListener {
  readonly onBytes: (bytes: Uint8Array) => void
}

interface Answer {
  readonly response: { readonly statusCode?: number; body?: unknown }
}

type Handle = (request: unknown, options?: Partial<ByteListener>) => Promise<Answer>

/** The same handler, which lets whoever asked hear an answer's bytes. */
export function hearingBytes<Handler extends object>(handler: Handler): Handler {
  return new Proxy(handler, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      const bound = member.bind(target) as Handle
      return name === 'handle' ? hearing(bound) : bound
    },
  })
}

const hearing =
  (handle: Handle): Handle =>
  async (request, options) => {
    const answer = await handle(request, options)
    const { response } = answer
    if (options?.onBytes === undefined || response.statusCode !== 200) return answer
    const bytes = await bytesOf(response.body)
    options.onBytes(bytes)
    response.body = bytes
    return answer
  }

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body
  const chunks: Uint8Array[] = []
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array | string>)
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
}
