/** That a command can't be carried out: what; why; how to mend it. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly why: string | undefined
  readonly remedy: string | undefined

  constructor(what: string, details: { readonly why?: string; readonly remedy?: string } = {}) {
    super(what)
    this.why = details.why
    this.remedy = details.remedy
  }
}

/** The lines of standard error for whatever was thrown: `error: what; why; how to mend it`. A list of issues is one line each. */
export function errorLines(error: unknown): readonly string[] {
  if (isConfigError(error)) return error.issues.map((issue) => `error: ${printable(issue)}`)
  return [
    `error: ${partsOf(error)
      .map((part) => printable(part))
      .join('; ')}`,
  ]
}

/** Errors of the ports and of the API carry `remedy`; anything else has its message alone. */
function partsOf(error: unknown): readonly string[] {
  if (error instanceof CommandError)
    return [error.message, error.why, error.remedy].filter(
      (part) => part !== undefined && part !== '',
    ) as string[]
  if (!(error instanceof Error)) return [String(error)]
  const remedy = 'remedy' in error && typeof error.remedy === 'string' ? [error.remedy] : []
  return [error.message, ...remedy]
}

function isConfigError(error: unknown): error is Error & { readonly issues: readonly string[] } {
  return error instanceof Error && 'issues' in error && Array.isArray(error.issues)
}

/** Names and messages from elsewhere must not steer a terminal; line breaks stay. */
export function printable(text: string): string {
  return text.replaceAll(CONTROLS, (character) =>
    character === '\n' ? '\n' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}

const CONTROLS = /[\p{Cc}\p{Cf}\u2028\u2029]/gu
