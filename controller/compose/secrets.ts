import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PortError } from '../ports/error.ts'
import type { SecretSource } from '../resources/types.ts'
import type { Redactor } from '../adapters/telemetry/redactor.ts'

/** Reads the secrets that documents name by variable, file or Secret of the cluster, and keeps them out of everything that is written. */
export interface Secrets {
  /** The secret's value now; throws PortError `SecretMissing` (stall). */
  read(source: SecretSource): string
  /** A path with the secret in it: its own file, or a private copy of the variable. */
  file(source: SecretSource): string
  /** Asks the cluster for those that lie in it, so that they can be read; what is wrong with one is told when it is. */
  prepare(sources: readonly (SecretSource | undefined)[]): Promise<void>
  /** From now on `secretRef` means a Secret of this cluster. */
  useCluster(secrets: ClusterSecrets): void
  /** Removes the private copies. */
  close(): void
}

/** Secrets of a cluster, by their names. */
export interface ClusterSecrets {
  follow(names: readonly string[]): Promise<void>
  value(name: string, key: string): string | undefined
}

/** The secret's value now, wherever it lies; rejects as {@link Secrets.read} throws. */
export async function fetchSecret(secrets: Secrets, source: SecretSource): Promise<string> {
  await secrets.prepare([source])
  return secrets.read(source)
}

/** How many values that were replaced by newer ones are still kept out of the logs. */
const SECRETS_KEPT = 200

/** Makes the one reader of secrets of a process. */
export function createSecrets({
  redactor,
  variables,
}: {
  readonly redactor: Redactor
  readonly variables: Readonly<Record<string, string | undefined>>
}): Secrets {
  const registered = new Map<string, () => void>()
  const copies = new Map<string, { readonly path: string; value: string }>()
  let cluster: ClusterSecrets | undefined
  return { read, file, close, prepare, useCluster: (secrets) => (cluster = secrets) }

  async function prepare(sources: readonly (SecretSource | undefined)[]): Promise<void> {
    const names = sources.flatMap((source) => source?.secretRef?.name ?? [])
    if (names.length > 0) await cluster?.follow([...new Set(names)])
  }

  function read(source: SecretSource): string {
    const value = valueOf(source)
    if (value === undefined || value === '') throw missing(source)
    register(value)
    return value
  }

  function valueOf({ env, file: path, secretRef }: SecretSource): string | undefined {
    if (secretRef !== undefined) return withoutNewline(cluster?.value(secretRef.name, secretRef.key))
    return env === undefined ? fromFile(path ?? '') : variables[env]
  }

  function register(value: string): void {
    if (registered.has(value)) return
    registered.set(value, redactor.register(value))
    const [oldest] = registered
    if (registered.size <= SECRETS_KEPT || oldest === undefined) return
    registered.delete(oldest[0])
    oldest[1]()
  }

  function file(source: SecretSource): string {
    if (source.file !== undefined) return source.file
    const name = JSON.stringify(source)
    const known = copies.get(name)
    const value = read(source)
    if (known?.value === value) return known.path
    const path = known?.path ?? join(mkdtempSync(join(tmpdir(), 'steersman-secret-')), 'key')
    // Whoever reads it just now has the old one whole or the new one whole.
    writeFileSync(`${path}.new`, value.endsWith('\n') ? value : `${value}\n`, { mode: 0o600 })
    renameSync(`${path}.new`, path)
    copies.set(name, { path, value })
    return path
  }

  function close(): void {
    for (const { path } of copies.values()) rmSync(join(path, '..'), { recursive: true, force: true })
    copies.clear()
  }
}

function fromFile(path: string): string | undefined {
  try {
    return withoutNewline(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw missing({ file: path }, cause)
  }
}

const withoutNewline = (text: string | undefined): string | undefined => text?.replace(/\r?\n$/, '')

function placeOf({ env, file, secretRef }: SecretSource): string {
  if (secretRef !== undefined) return `the key ${secretRef.key} of the Secret ${secretRef.name}`
  return env === undefined ? `the file ${file}` : `the environment variable ${env}`
}

function missing(source: SecretSource, cause?: unknown): PortError {
  const where = placeOf(source)
  return new PortError(`a secret is missing: ${where} has none`, {
    code: 'SecretMissing',
    handling: 'stall',
    remedy: 'Put the secret there, readable by the user of the controller.',
    ...(cause === undefined ? {} : { cause }),
  })
}
