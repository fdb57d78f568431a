const secrets: readonly (readonly [RegExp, string])[] = [
  [/\b(A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b/g, '[access key]'],
  [/(x-amz-security-token|authorization|secretaccesskey|sessiontoken)["']?\s*[:=]\s*\S+/gi, '$1: [redacted]'],
  [/(x-amz-(?:signature|credential|security-token))=[^&\s]+/gi, '$1=[redacted]'],
  [/\beyJ[\w-]{10,}\.[\w-]+(\.[\w-]+)?/g, '[token]'],
  [/[A-Za-z0-9+/=_-]{120,}/g, '[redacted]'],
]

const longest = 1_000

/** Shorter texts can't be told from ordinary words. */
const shortestSecret = 4

/** Takes what is known to be secret, and what looks like a credential, out of AWS's own words, and bounds their length. */
export function redact(message: string, known: readonly string[] = []): string {
  const forms = known
    .flatMap((secret) =>
      secret.length < shortestSecret ? [] : [secret, JSON.stringify(secret).slice(1, -1)],
    )
    .toSorted((one, other) => other.length - one.length)
  const withoutKnown = forms.reduce((text, form) => text.replaceAll(form, '[redacted]'), message)
  const clean = secrets.reduce(
    (text, [pattern, replacement]) => text.replace(pattern, replacement),
    withoutKnown,
  )
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean
}
