import { isObject, scalarText } from '../defaults/shape.ts'
import type { Change } from './change.ts'
import { pointerSegments } from './change.ts'

/** One line for people, for example `/service/desiredCount: wanted 3, live 5 (Steersman)`. Secrets are hidden (I9). */
export function describeChange(change: Change): string {
  const { path, wanted, live, owner } = redactChange(change)
  return `${path}: wanted ${shown(wanted)}, live ${shown(live)} (${owner})`
}

/** The change with the values of environment variables, and of whatever is named like a secret, hidden: what may leave the process. */
export function redactChange(change: Change): Change {
  const isHidden = isSecretPath(pointerSegments(change.path))
  return {
    ...change,
    wanted: isHidden ? hide(change.wanted) : redact(change.wanted),
    live: isHidden ? hide(change.live) : redact(change.live),
  }
}

const hiddenText = '(hidden)'
const longestText = 200
const deepest = 30

const secretName =
  /passw|passphrase|pwd$|secret|token|credential|api[-_.]?key|private[-_.]?key|access[-_.]?key|authorization|cookie$/i
/** Members named like secrets that only say where a secret is kept. */
const referenceNames = new Set([
  'secrets',
  'secretOptions',
  'repositoryCredentials',
  'credentialsParameter',
  'credentialSpecs',
  'TokenEndpoint',
])
/** Lists whose members go by names that people gave them: a container may well be called `token-service`. */
const namedLists = new Set([
  'containerDefinitions',
  'volumes',
  'volumeConfigurations',
  'mountPoints',
  'volumesFrom',
  'dependsOn',
  'secrets',
  'secretOptions',
  'capacityProviderStrategy',
  'TargetGroups',
  'targetGroups',
  'targetGroupAttributes',
  'rules',
])

function isSecretName(name: string): boolean {
  return secretName.test(name) && !referenceNames.has(name)
}

function isSecretPath(segments: readonly string[]): boolean {
  const [list = '', name = '', member = ''] = ['', '', '', ...segments].slice(-3)
  if (member === 'value') return list === 'environment' || list === 'properties' || isSecretName(name)
  return isSecretName(member) && !namedLists.has(name)
}

function hide(value: unknown): unknown {
  return value === null || value === undefined ? null : hiddenText
}

function redact(value: unknown, depth = 0): unknown {
  if (depth > deepest) return hiddenText
  if (typeof value === 'string') return redactText(value)
  if (Array.isArray(value))
    return value.map((element, index) => redactElement(value[index - 1], element, depth))
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(([name, inner]) => {
    const isHidden = isSecretName(name) || (name === 'value' && isSecretPair(value))
    return [name, isHidden ? hide(inner) : redact(inner, depth + 1)] as const
  })
  return Object.fromEntries(entries)
}

/** An environment variable (`name`, `value`), or a tag (`key`, `value`) that is named like a secret. */
function isSecretPair(pair: Readonly<Record<string, unknown>>): boolean {
  return 'name' in pair || isSecretName(scalarText(pair['key']))
}

/** A command's `--password`, `x` are two elements. */
function redactElement(before: unknown, element: unknown, depth: number): unknown {
  const isOption = typeof before === 'string' && before.startsWith('-') && !before.includes('=')
  return isOption && isSecretName(before) && typeof element === 'string'
    ? hiddenText
    : redact(element, depth + 1)
}

/** An assignment of something named like a secret; a bare colon is no assignment, since ARNs are full of them. */
const assignedSecret =
  /\b([\w-]{0,64}(?:passw(?:or)?d|secret|token|api[-_]?key)(?:["']?\s{0,8}=\s{0,8}|["']\s{0,8}:\s{0,8}|:\s{1,8}))("[^"]*"|'[^']*'|(?:Bearer\s{1,8})?[^\s,;&]+)/gi
const urlPassword = /(:\/\/)[^\s/@]{1,512}@/g

/** Secrets within text: `--password=…`, `token: …`, `https://user:password@host`. */
function redactText(value: string): string {
  return value.replaceAll(assignedSecret, `$1${hiddenText}`).replaceAll(urlPassword, `$1${hiddenText}@`)
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text
}
