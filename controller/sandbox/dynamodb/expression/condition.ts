import { compare, invalid, isEqual, typeOf, valueBytes, type Item, type Value } from '../value.ts'
import type { Names } from './names.ts'
import { Tokens } from './tokens.ts'

/** Whether an item fulfils it; an item that is not there has no attributes. */
export type Condition = (item: Item) => boolean
type Operand = (item: Item) => Value | undefined

/**
 * Reads a condition, a filter or a key condition; throws ValidationException where it breaks the grammar
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html).
 */
export function parseCondition(text: string, names: Names): Condition {
  const parser = new Parser(text, names)
  return parser.whole()
}

/** The hash key that a key condition names, as `pk = :pk`; throws ValidationException where it names none. */
export function hashIn(text: string, names: Names, hashKey: string): Value {
  const tokens = new Tokens(text)
  const marked = { [hashKey]: { S: '' } }
  for (; tokens.peek() !== ''; tokens.take()) {
    if (tokens.peek(1) !== '=' || !tokens.peek(2).startsWith(':')) continue
    if (names.path(tokens.peek())(marked) !== undefined) return names.value(tokens.peek(2))
  }
  throw invalid(`Query condition missed key schema element: ${hashKey}`)
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  'attribute_exists',
  'attribute_not_exists',
  'begins_with',
  'contains',
])

class Parser {
  readonly #tokens: Tokens
  readonly #names: Names

  constructor(text: string, names: Names) {
    this.#tokens = new Tokens(text)
    this.#names = names
  }

  whole(): Condition {
    const condition = this.#or()
    this.#tokens.assertEnd()
    return condition
  }

  #or(): Condition {
    const parts = [this.#and()]
    while (this.#tokens.took('OR')) parts.push(this.#and())
    return (item) => parts.some((part) => part(item))
  }

  #and(): Condition {
    const parts = [this.#not()]
    while (this.#tokens.took('AND')) parts.push(this.#not())
    return (item) => parts.every((part) => part(item))
  }

  #not(): Condition {
    if (!this.#tokens.took('NOT')) return this.#single()
    const condition = this.#not()
    return (item) => !condition(item)
  }

  #single(): Condition {
    if (this.#tokens.took('(')) {
      const condition = this.#or()
      this.#tokens.expect(')')
      return condition
    }
    if (this.#tokens.peek(1) === '(' && this.#tokens.peek().toUpperCase() !== 'SIZE') return this.#function()
    return this.#comparison(this.#operand())
  }

  #function(): Condition {
    const name = this.#tokens.take()
    if (!FUNCTIONS.has(name)) throw invalid(`Invalid function name; function: ${name}`)
    this.#tokens.expect('(')
    const of = this.#names.path(this.#tokens.take())
    const other = this.#tokens.took(',') ? this.#operand() : undefined
    this.#tokens.expect(')')
    if (name === 'attribute_exists') return (item) => of(item) !== undefined
    if (name === 'attribute_not_exists') return (item) => of(item) === undefined
    if (other === undefined) throw invalid(`Incorrect number of operands for operator or function: ${name}`)
    return (item) => holds(name, of(item), other(item))
  }

  #comparison(left: Operand): Condition {
    if (this.#tokens.took('BETWEEN')) {
      const low = this.#operand()
      this.#tokens.expect('AND')
      const high = this.#operand()
      return (item) => ordered(left(item), low(item), '>=') && ordered(left(item), high(item), '<=')
    }
    if (this.#tokens.took('IN')) return this.#among(left)
    const sign = this.#tokens.take()
    const right = this.#operand()
    if (sign === '=') return (item) => equal(left(item), right(item))
    if (sign === '<>') return (item) => !equal(left(item), right(item))
    if (COMPARISONS[sign] === undefined) throw this.#tokens.wrong(sign)
    return (item) => ordered(left(item), right(item), sign)
  }

  #among(left: Operand): Condition {
    const choices: Operand[] = []
    this.#tokens.expect('(')
    do choices.push(this.#operand())
    while (this.#tokens.took(','))
    this.#tokens.expect(')')
    return (item) => choices.some((choice) => equal(left(item), choice(item)))
  }

  #operand(): Operand {
    const token = this.#tokens.take()
    if (token.toUpperCase() === 'SIZE' && this.#tokens.took('(')) {
      const of = this.#names.path(this.#tokens.take())
      this.#tokens.expect(')')
      return (item) => sizeOf(of(item))
    }
    if (!token.startsWith(':')) return this.#names.path(token)
    const value = this.#names.value(token)
    return () => value
  }
}

const equal = (one: Value | undefined, other: Value | undefined): boolean =>
  one !== undefined && other !== undefined && isEqual(one, other)

function ordered(one: Value | undefined, other: Value | undefined, sign: string): boolean {
  const order = one === undefined || other === undefined ? undefined : compare(one, other)
  return order !== undefined && (COMPARISONS[sign]?.(order) ?? false)
}

function holds(name: string, value: Value | undefined, part: Value | undefined): boolean {
  if (value === undefined || part === undefined) return false
  const [content, wanted] = [Object.values(value)[0], Object.values(part)[0]]
  if (name === 'begins_with')
    return typeOf(value) === 'S' && typeOf(part) === 'S' && String(content).startsWith(String(wanted))
  if (typeOf(value) === 'S') return String(content).includes(String(wanted))
  if (typeOf(value) === 'L') return (content as Value[]).some((inner) => isEqual(inner, part))
  return Array.isArray(content) && content.includes(wanted)
}

function sizeOf(value: Value | undefined): Value | undefined {
  if (value === undefined) return undefined
  const content = Object.values(value)[0]
  if (Array.isArray(content)) return { N: String(content.length) }
  return { N: String(typeOf(value) === 'S' ? String(content).length : valueBytes(value)) }
}
