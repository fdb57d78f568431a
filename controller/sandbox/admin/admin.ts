import type { DataPlane } from '../data-plane/ports.ts'
import type { World } from '../world.ts'
import type { Functions } from '../lambda/functions.ts'
import { checkedFunction } from '../lambda/functions.ts'
import { checkedDemand, checkedFault, checkedImage, checkedSettings } from './check.ts'

export interface AdminRequest {
  readonly method: string
  readonly path: string
  readonly body: string
}

export interface AdminAnswer {
  readonly status: number
  readonly body: unknown
}

export interface AdminParts {
  readonly world: World
  readonly dataPlane: Pick<DataPlane, 'addresses'>
  readonly images: {
    set(image: string, behavior: unknown): void
    list(): { image: string; behavior: unknown }[]
  }
  readonly functions: Pick<Functions, 'set' | 'list'>
}

type Handler = (parts: AdminParts, body: unknown) => unknown

const ROUTES: Record<string, Record<string, Handler>> = {
  health: { GET: () => ({ status: 'ok' }) },
  listeners: { GET: ({ dataPlane }) => dataPlane.addresses() },
  images: {
    GET: ({ images }) => images.list(),
    POST({ images }, body) {
      const { image, behavior } = checkedImage(body)
      images.set(image, behavior)
      return { image, behavior }
    },
  },
  functions: {
    GET: ({ functions }) => functions.list(),
    POST({ functions }, body) {
      functions.set(checkedFunction(body))
      return functions.list()
    },
  },
  faults: {
    GET: ({ world }) => world.faults.list(),
    POST({ world }, body) {
      world.faults.add(checkedFault(body))
      return world.faults.list()
    },
    DELETE({ world }) {
      world.faults.clear()
      return []
    },
  },
  scaling: {
    POST({ world }, body) {
      const { service, wanted } = checkedDemand(body)
      return { service, desiredCount: world.demand(service, wanted) }
    },
  },
  calls: {
    GET: ({ world }) => world.calls.list(),
    DELETE({ world }) {
      world.calls.clear()
      return []
    },
  },
  writes: { GET: ({ world }) => world.calls.writes() },
  state: {
    GET: ({ world }) => world.dump(),
    PUT({ world }, body) {
      world.load(body)
      return { status: 'restored' }
    },
  },
  settings: {
    GET: ({ world }) => world.settings,
    PUT({ world }, body) {
      return Object.assign(world.settings, checkedSettings(body))
    },
  },
}

/** Answers `/_sandbox/*`: 400 with a sentence for bad input, 404 and 405 with what there is instead. */
export async function administrate(parts: AdminParts, request: AdminRequest): Promise<AdminAnswer> {
  const name = request.path.replace(/^\/_sandbox\//, '').replace(/\/?(\?.*)?$/, '')
  const methods = Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined
  if (methods === undefined) {
    const known = Object.keys(ROUTES).map((route) => `/_sandbox/${route}`)
    return refusal(404, `there is no ${request.path}; use one of ${known.join(', ')}`)
  }
  const handler = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined
  if (handler === undefined) {
    return refusal(405, `${request.path} has no ${request.method}; use ${Object.keys(methods).join(' or ')}`)
  }
  try {
    const body = await handler(parts, request.body === '' ? undefined : parsed(request.body))
    return { status: 200, body }
  } catch (thrown) {
    if (thrown instanceof RangeError) return refusal(400, thrown.message)
    throw thrown
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new RangeError('the body is not JSON; send one JSON object')
  }
}

function refusal(status: number, error: string): AdminAnswer {
  return { status, body: { error } }
}
