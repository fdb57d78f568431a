import { invalid } from '../value.ts'

/** The words and signs of an expression, read one after the other. */
export class Tokens {
  readonly #text: string
  readonly #tokens: readonly string[]
  #at = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = split(text)
  }

  /** The next token, without taking it; empty at the end. */
  peek(ahead = 0): string {
    return this.#tokens[this.#at + ahead] ?? ''
  }

  take(): string {
    const token = this.peek()
    if (token === '') throw this.wrong('the end of the expression')
    this.#at += 1
    return token
  }

  /** Takes the token where it comes next; words in any case. */
  took(wanted: string): boolean {
    if (this.peek().toUpperCase() !== wanted) return false
    this.#at += 1
    return true
  }

  expect(wanted: string): void {
    if (!this.took(wanted)) throw this.wrong(this.peek() === '' ? 'the end of the expression' : this.peek())
  }

  assertEnd(): void {
    if (this.peek() !== '') throw this.wrong(this.peek())
  }

  wrong(token: string): Error {
    return invalid(`Invalid expression: Syntax error; token: "${token}", near: "${this.#text.slice(0, 80)}"`)
  }
}

function split(text: string): readonly string[] {
  const pattern = /\s*(<>|<=|>=|[=<>(),]|[#:]?[A-Za-z0-9_]+(?:\.[#A-Za-z0-9_]+)*)\s*/y
  const tokens: string[] = []
  while (pattern.lastIndex < text.length) {
    const from = pattern.lastIndex
    const token = pattern.exec(text)?.[1]
    if (token === undefined)
      throw invalid(`Invalid expression: Syntax error; token: "${text.slice(from, from + 20)}"`)
    tokens.push(token)
  }
  return tokens
}
