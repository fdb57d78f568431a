import { invalid } from './input.ts'

/** Values of series at one moment, by their ids; NaN where there is none. */
type Values = (id: string) => number

/** An expression of metric math, as much of it as `+ - * /`, brackets, numbers, ids and `FILL(id, number)`. */
export interface Expression {
  /** NaN where it has no value, also for a division by zero. */
  at(values: Values): number
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
export function parseExpression(text: string): Expression {
  const tokens = text.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|\S/g) ?? []
  const parser = new Parser(tokens, text)
  const at = parser.sum()
  parser.end()
  return { at }
}

class Parser {
  readonly #tokens: readonly string[]
  readonly #text: string
  #next = 0

  constructor(tokens: readonly string[], text: string) {
    this.#tokens = tokens
    this.#text = text
  }

  sum(): Expression['at'] {
    let left = this.#product()
    for (let sign = this.#oneOf('+', '-'); sign !== undefined; sign = this.#oneOf('+', '-')) {
      const [first, second, isPlus] = [left, this.#product(), sign === '+']
      left = (values) => first(values) + (isPlus ? second(values) : -second(values))
    }
    return left
  }

  end(): void {
    if (this.#next < this.#tokens.length) throw this.#refused()
  }

  #product(): Expression['at'] {
    let left = this.#atom()
    for (let sign = this.#oneOf('*', '/'); sign !== undefined; sign = this.#oneOf('*', '/')) {
      const [first, second, isTimes] = [left, this.#atom(), sign === '*']
      left = (values) => (isTimes ? first(values) * second(values) : quotient(first(values), second(values)))
    }
    return left
  }

  #atom(): Expression['at'] {
    const token = this.#tokens[this.#next]
    this.#next += 1
    if (token === undefined) throw this.#refused()
    if (token === '(') return this.#closed(this.sum())
    if (/^\d/.test(token)) return () => Number(token)
    if (token === 'FILL' && this.#oneOf('(') !== undefined) return this.#fill()
    if (!/^[a-z]/.test(token)) throw this.#refused()
    return (values) => values(token)
  }

  #fill(): Expression['at'] {
    const of = this.sum()
    if (this.#oneOf(',') === undefined) throw this.#refused()
    const instead = this.#closed(this.sum())
    return (values) => {
      const value = of(values)
      return Number.isNaN(value) ? instead(values) : value
    }
  }

  #closed(inner: Expression['at']): Expression['at'] {
    if (this.#oneOf(')') === undefined) throw this.#refused()
    return inner
  }

  #oneOf(...wanted: readonly string[]): string | undefined {
    const token = this.#tokens[this.#next]
    if (token === undefined || !wanted.includes(token)) return undefined
    this.#next += 1
    return token
  }

  #refused(): Error {
    return invalid(`Error in expression '${this.#text}': the sandbox knows + - * / ( ) and FILL.`)
  }
}

const quotient = (left: number, right: number): number => (right === 0 ? Number.NaN : left / right)
