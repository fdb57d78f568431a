/** Words that name a secret, as the end or the middle of a longer name. */
const secretWords = [
  'pass(?:word|wd|phrase)',
  'pwd',
  'secret',
  'token',
  'api[-_]?key',
  'access[-_]?key(?:[-_]?id)?',
  'private[-_]?key',
  'signing[-_]?key',
  'authorization',
  'credentials?',
  'cookie',
  'signature',
].join('|')

const secretName = new RegExp(secretWords, 'i')
/** Names that hold a secret word and yet only tell where the secret lies, or count it. */
const harmlessName =
  /(?:from|name|names|arns?|file|path|count|type|expiry|expiration|expires(?:at)?|(?:client|next|continue)token)$/i

/** Whether whatever stands under this key must not be shown. */
export function secretKey(key: string): boolean {
  return secretName.test(key) && !harmlessName.test(key)
}

interface SecretPattern {
  readonly pattern: RegExp
  readonly replacement: string
}

/**
 * What looks like a secret although nobody registered it. Every pattern begins with a fixed word and every repetition that more may follow is
 * bounded, so that no text makes them slow.
 */
export const secretPatterns: readonly SecretPattern[] = [
  // PEM keys (RFC 7468), also where the end was cut off.
  {
    pattern: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
    replacement: '[redacted]',
  },
  // AWS access key ids, and session tokens by their first letters.
  { pattern: /(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}/g, replacement: '[redacted]' },
  { pattern: /(?:IQoJ|FwoG|FQoG|AQoD)[A-Za-z0-9+/=_%-]{50,}/g, replacement: '[redacted]' },
  // Forges' and chat systems' tokens; JSON Web Tokens (RFC 7519).
  { pattern: /gh[pousr]_[A-Za-z0-9]{20,}/g, replacement: '[redacted]' },
  { pattern: /github_pat_\w{20,}/g, replacement: '[redacted]' },
  { pattern: /glpat-[\w-]{20,}/g, replacement: '[redacted]' },
  { pattern: /xox[abeoprs]-[\w-]{10,}/g, replacement: '[redacted]' },
  { pattern: /hooks\.slack\.com\/services\/[^\s"'<>]+/g, replacement: 'hooks.slack.com/services/[redacted]' },
  { pattern: /eyJ[\w-]{10,}\.[\w-]+(?:\.[\w-]*)?/g, replacement: '[redacted]' },
  // Authorization headers (RFC 9110), and bearer tokens anywhere (RFC 6750).
  {
    pattern: /(authorization["']?\s{0,3}[:=]\s{0,3}["']?)(?!\[redacted\])[^\s"',;][^"'\r\n,;]*/gi,
    replacement: '$1[redacted]',
  },
  { pattern: /(bearer\s{1,3})(?!tokens?\b)[A-Za-z0-9._~+/=%-]{4,}/gi, replacement: '$1[redacted]' },
  {
    pattern: /(basic\s{1,3})(?=[A-Za-z0-9+/]{0,200}[0-9A-Z+/=])[A-Za-z0-9+/]{8,}={0,2}/g,
    replacement: '$1[redacted]',
  },
  // Who logs in, in a URL (RFC 3986).
  { pattern: /:\/\/[^\s/?#"'<>]{1,2000}@/g, replacement: '://[redacted]@' },
  // name=value and name: value.
  {
    pattern: new RegExp(
      String.raw`((?:${secretWords})(?:[-_](?:id|key|value))?\\?["']?\s{0,3}[=:]\s{0,3})` +
        String.raw`(?!["']?\[redacted\])(?:\\"[^"\\]*\\"|\\?"(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$)|[^\s,;&"'{}()\[\]<>]+)`,
      'gi',
    ),
    replacement: '$1[redacted]',
  },
]
