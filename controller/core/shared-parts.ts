import { plainObject } from './plain-object.ts'

/**
 * Makes equal parts of what it is given one and the same object, within one call and from call to call: what a fleet's services, rules and manifests say is mostly the
 * same, and is kept for as long as they are. Only for plain data that nobody changes; anything else is given back as it is.
 */
export class SharedParts {
  /** By what they are made of: the parts of a part are named by their numbers. */
  readonly #objects = new Map<string, object>()
  readonly #texts = new Map<string, string>()
  readonly #numbers = new Map<object, number>()

  of<Value>(value: Value): Value {
    return this.#shared(value) as Value
  }

  #shared(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value)
    if (typeof value !== 'object' || value === null || this.#numbers.has(value)) return value
    if (Array.isArray(value)) {
      const items = value.map((item: unknown) => this.#shared(item))
      return this.#one(`[${items.map((item) => this.#named(item)).join()}]`, items)
    }
    if (Object.getPrototypeOf(value) !== Object.prototype) return value
    const members = Object.entries(value).map(([name, member]) => [name, this.#shared(member)] as const)
    const key = members.map(([name, member]) => `${JSON.stringify(name)}:${this.#named(member)}`).join()
    return this.#one(`{${key}}`, plainObject(members))
  }

  #one(key: string, made: object): object {
    const known = this.#objects.get(key)
    if (known !== undefined) return known
    this.#objects.set(key, made)
    this.#numbers.set(made, this.#numbers.size)
    return made
  }

  #text(text: string): string {
    const known = this.#texts.get(text)
    if (known === undefined) this.#texts.set(text, text)
    return known ?? text
  }

  #named(value: unknown): string {
    if (typeof value === 'string') return JSON.stringify(value)
    if (typeof value === 'function' || (typeof value === 'object' && value !== null))
      return `#${this.#numberOf(value)}`
    return Object.is(value, -0) ? '-0' : `${typeof value} ${String(value)}`
  }

  /** What is no plain data is equal to itself alone. */
  #numberOf(value: object): number {
    const number = this.#numbers.get(value) ?? this.#numbers.size
    this.#numbers.set(value, number)
    return number
  }
}
