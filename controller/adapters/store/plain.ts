/** Plain JSON data as a file would give it back (no undefined, no dates): what comparisons must see. Three times as fast as by way of a text. */
export function plain<Value>(value: Value): Value {
  return copied(value) as Value
}

function copied(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'object':
      return value === null ? null : copiedObject(value)
    case 'number':
      // No minus zero either.
      return Number.isFinite(value) ? value + 0 : null
    case 'bigint':
      throw new TypeError('JSON has no bigint')
    case 'undefined':
    case 'function':
    case 'symbol':
      return undefined
  }
}

function copiedObject(value: object): unknown {
  if (!isOrdinary(value)) return byText(value)
  if (Array.isArray(value)) return copiedList(value)
  const copy: Record<string, unknown> = {}
  for (const name of Object.keys(value)) {
    // Set by its name, it would be the copy's prototype.
    if (name === '__proto__') return byText(value)
    const kept = copied((value as Readonly<Record<string, unknown>>)[name])
    if (kept !== undefined) copy[name] = kept
  }
  return copy
}

function copiedList(list: readonly unknown[]): unknown[] {
  const copy: unknown[] = []
  for (const each of list) copy.push(copied(each) ?? null)
  return copy
}

function byText(value: object): unknown {
  const text = JSON.stringify(value) as string | undefined
  return text === undefined ? undefined : JSON.parse(text)
}

/** Whether its own members are all that a text would have of it. */
function isOrdinary(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  const isKnown = prototype === Object.prototype || prototype === Array.prototype || prototype === null
  return isKnown && !('toJSON' in value)
}
