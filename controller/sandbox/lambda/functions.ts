/** One answer of a function: what it returns, or how it fails. */
export type FunctionReply =
  | { readonly payload: unknown }
  | { readonly functionError: 'Handled' | 'Unhandled'; readonly payload?: unknown }

/** A function of the sandbox: what it answers, one invocation after the other and the last one from then on. */
export interface FunctionBehavior {
  readonly function: string
  readonly answers: readonly FunctionReply[]
}

export interface SeenFunction extends FunctionBehavior {
  readonly invocations: number
  /** What the last invocation gave it. */
  readonly lastPayload?: unknown
}

/** The functions that there are, by name. */
export interface Functions {
  set(behavior: FunctionBehavior): void
  /** Undefined: there is no such function. */
  invoke(name: string, payload: unknown): FunctionReply | undefined
  list(): readonly SeenFunction[]
  dump(): unknown
  load(state: unknown): void
}

/** Functions that answer as they were told to. */
export function createFunctions(): Functions {
  const functions = new Map<string, SeenFunction>()
  return {
    set: (behavior) => void functions.set(behavior.function, { ...behavior, invocations: 0 }),
    invoke(name, payload) {
      const seen = functions.get(name)
      if (seen === undefined) return undefined
      functions.set(name, { ...seen, invocations: seen.invocations + 1, lastPayload: payload })
      return seen.answers[Math.min(seen.invocations, seen.answers.length - 1)]
    },
    list: () => [...functions.values()],
    dump: () => [...functions.values()],
    load(state) {
      functions.clear()
      for (const seen of state as readonly SeenFunction[]) functions.set(seen.function, seen)
    },
  }
}

const MOST_ANSWERS = 100

/** The body of `POST /_sandbox/functions`. Throws a RangeError whose sentence says how to mend it. */
export function checkedFunction(body: unknown): FunctionBehavior {
  const members = isObject(body) ? body : {}
  const { function: name, answers } = members
  if (typeof name !== 'string' || !/^[\w-]{1,64}$/.test(name))
    throw new RangeError("'function' must be a function's name, like smoke")
  if (!Array.isArray(answers) || answers.length === 0 || answers.length > MOST_ANSWERS)
    throw new RangeError(`'answers' must be a list of 1 to ${MOST_ANSWERS} answers`)
  if (!answers.every(isReply))
    throw new RangeError("an answer must be {payload: …} or {functionError: 'Handled' or 'Unhandled'}")
  return { function: name, answers }
}

function isReply(value: unknown): value is FunctionReply {
  if (!isObject(value)) return false
  const { functionError } = value
  return functionError === undefined
    ? Object.hasOwn(value, 'payload')
    : functionError === 'Handled' || functionError === 'Unhandled'
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
