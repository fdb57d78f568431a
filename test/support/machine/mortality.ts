/** A call of a port that changes something outside of the process. */
export interface OutsideWrite {
  readonly port: string
  readonly method: string
  /** Counted from 1 over the controller's life. */
  readonly number: number
}

export type Moment = 'before' | 'after'

/** Ends a controller in the middle of its work: from then on no call of it ends, as if its process were gone. */
export interface Mortality {
  isDead(): boolean
  die(): void
  /** The same port, with every call cut off after death. */
  guard<Port extends object>(name: string, port: Port): Port
}

const WRITES: ReadonlySet<string> = new Set([
  'registerTaskDefinition',
  'createService',
  'updateService',
  'continueDeployment',
  'stopDeployment',
  'setWeights',
  'startDeployment',
  'continueDeployment',
  'stopDeployment',
  'pushTags',
])

/** `decide` is asked before and after each write to AWS or git; when it says true, the controller dies there. */
export function createMortality(
  decide: (write: OutsideWrite, moment: Moment) => boolean = () => false,
): Mortality {
  let dead = false
  let writes = 0
  const never = new Promise<never>(() => undefined)
  const outside = async (write: OutsideWrite, call: () => Promise<unknown>): Promise<unknown> => {
    if (decide(write, 'before')) dead = true
    if (dead) return never
    const result = await call()
    if (decide(write, 'after')) dead = true
    return dead ? never : result
  }
  return {
    isDead: () => dead,
    die: () => void (dead = true),
    guard: (name, port) =>
      new Proxy(port, {
        get(target, method, receiver) {
          const member: unknown = Reflect.get(target, method, receiver)
          if (typeof member !== 'function' || typeof method !== 'string') return member
          return async (...given: unknown[]): Promise<unknown> => {
            if (dead) return never
            const call = async (): Promise<unknown> => Reflect.apply(member, target, given) as unknown
            if (WRITES.has(method)) return outside({ port: name, method, number: (writes += 1) }, call)
            const result = await call()
            return dead ? never : result
          }
        },
      }),
  }
}
