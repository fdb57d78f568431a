/** The programs that a test file asks for by `requires('aws', …)`, of those that are known. */
export function requirementsIn<Name extends string>(text: string, known: readonly Name[]): Name[] {
  const asked = Array.from(text.matchAll(/\brequires\(([^)]*)\)/gu), (match) => match[1] ?? '').join(',')
  return known.filter((name) => asked.includes(`'${name}'`))
}
