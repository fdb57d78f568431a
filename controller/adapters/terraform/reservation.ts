import { createServer } from 'node:net'

/**
 * Reserves a name on this machine until it is released or this process is gone, however that comes about: a socket of Linux's abstract namespace, which
 * only one process can have (unix(7)). Undefined where another has it. Where there is no such namespace every name is free.
 */
export async function reserve(name: string): Promise<(() => void) | undefined> {
  if (process.platform !== 'linux') return () => undefined
  const server = createServer((socket) => socket.destroy())
  const { promise, resolve } = Promise.withResolvers<boolean>()
  server.once('error', () => resolve(false))
  server.listen(`\0steersman/${name}`, () => resolve(true))
  // It keeps no program from ending.
  server.unref()
  if (!(await promise)) return undefined
  return () => void server.close()
}
