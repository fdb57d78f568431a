import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A loopback port that nothing listened on a moment ago. Another process may take it before you do: let a server listen on
 * port 0 and ask it for its port wherever that is possible, and use this where a port must be known beforehand.
 */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
  return address.port
}
