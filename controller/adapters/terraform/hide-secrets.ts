/** Takes secrets out of texts; more of them may become known. */
export interface SecretHider {
  readonly redact: (text: string) => string
  readonly hide: (secrets: readonly string[]) => void
}

const HIDDEN = '[redacted]'
/** Shorter ones, `true` and a region among them, can't be told from ordinary words. */
const SHORTEST = 4

/** Hides what it is told of, and then what `redact` knows. */
export function createSecretHider(redact: (text: string) => string): SecretHider {
  const known = new Set<string>()
  return {
    redact: (text) => {
      const longestFirst = [...known].toSorted((one, other) => other.length - one.length)
      return redact(longestFirst.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text))
    },
    hide: (secrets) => {
      for (const secret of secrets) if (secret.length >= SHORTEST) known.add(secret)
    },
  }
}
