/** One message of a `text/event-stream` body. */
export interface StreamMessage {
  readonly event: string
  readonly data: string
  readonly id: string | undefined
}

/** A single object is at most a megabyte; more than this without an end of message is not our server. */
const MESSAGE_LIMIT_CHARACTERS = 4 * 1024 * 1024

/**
 * Reads server-sent events (HTML Standard, section 9.2.6) as far as Steersman's server uses them: event, data and id; comments are
 * skipped. Throws when a message grows beyond the limit.
 */
export async function* readEventStream(body: AsyncIterable<Uint8Array>): AsyncGenerator<StreamMessage> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).replaceAll('\r\n', '\n').split('\n\n')
    rest = blocks.pop() ?? ''
    if (rest.length > MESSAGE_LIMIT_CHARACTERS) throw new Error('a message of the event stream has no end')
    for (const block of blocks) {
      const message = messageOf(block)
      if (message !== undefined) yield message
    }
  }
}

function messageOf(block: string): StreamMessage | undefined {
  const fields = block.split('\n').map(fieldOf)
  const data = fields.filter(({ name }) => name === 'data').map(({ value }) => value)
  if (data.length === 0) return undefined
  return {
    event: fields.findLast(({ name }) => name === 'event')?.value ?? 'message',
    data: data.join('\n'),
    id: fields.findLast(({ name }) => name === 'id')?.value,
  }
}

/** A line that begins with a colon is a comment: its field has no name. */
function fieldOf(line: string): { readonly name: string; readonly value: string } {
  const colon = line.indexOf(':')
  if (colon === -1) return { name: line, value: '' }
  const value = line.slice(colon + 1)
  return { name: line.slice(0, colon), value: value.startsWith(' ') ? value.slice(1) : value }
}
