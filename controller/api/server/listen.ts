import type { FastifyInstance } from 'fastify'

export interface Address {
  readonly host: string
  readonly port: number
}

/** Why the server could not or must not start; shaped like a PortError that only a person can mend. */
export class StartError extends Error {
  override readonly name = 'StartError'
  readonly handling = 'stall'
  readonly code: string
  readonly remedy: string

  constructor(
    message: string,
    details: { readonly code: string; readonly remedy: string; readonly cause?: unknown },
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = details.code
    this.remedy = details.remedy
  }
}

/** Starts to listen; resolves to the address for people and programs on this machine. */
export async function listen(app: FastifyInstance, { host, port }: Address): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    throw failed(error, { host, port })
  }
  const address = app.server.address()
  const taken = typeof address === 'object' && address !== null ? address.port : port
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${taken}`
}

function failed(error: unknown, { host, port }: Address): StartError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'Unknown'
  const reasons: Readonly<Record<string, readonly [string, string]>> = {
    EADDRINUSE: ['another program listens there', 'Stop it, or set another spec.listen.'],
    EACCES: ['this user may not take that port', 'Take a port from 1024 on.'],
    EADDRNOTAVAIL: ['no interface has that address', 'Set spec.listen to an address of this machine.'],
    ENOTFOUND: ['that name is unknown', 'Set spec.listen to an address of this machine.'],
  }
  const [why, remedy] = reasons[code] ?? [code, 'Look at the cause.']
  return new StartError(`can't listen on ${host}:${port}: ${why}`, {
    code: 'CannotListen',
    remedy,
    cause: error,
  })
}
