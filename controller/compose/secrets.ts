import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PortError } from '../ports/error.ts'
import type { SecretSource } from '../resources/types.ts'
import type { Redactor } from '../adapters/telemetry/redactor.ts'

/** Reads the secrets that documents name by variable or file, and keeps them out of everything that is written. */
export interface Secrets {
  /** The secret's value now; throws PortError `SecretMissing` (stall). */
  read(source: SecretSource): string
  /** A path with the secret in it: its own file, or a private copy of the variable. */
  file(source: SecretSource): string
  /** Removes the private copies. */
  close(): void
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
  const copies = new Map<string, string>()
  return { read, file, close }

  function read(source: SecretSource): string {
    const value = source.env === undefined ? fromFile(source.file ?? '') : variables[source.env]
    if (value === undefined || value === '') throw missing(source)
    register(value)
    return value
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
    const name = source.env ?? ''
    const known = copies.get(name)
    if (known !== undefined) return known
    const value = read(source)
    const path = join(mkdtempSync(join(tmpdir(), 'steersman-secret-')), 'key')
    writeFileSync(path, value.endsWith('\n') ? value : `${value}\n`, { mode: 0o600 })
    copies.set(name, path)
    return path
  }

  function close(): void {
    for (const path of copies.values()) rmSync(join(path, '..'), { recursive: true, force: true })
    copies.clear()
  }
}

function fromFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (cause) {
    throw missing({ file: path }, cause)
  }
}

function missing(source: SecretSource, cause?: unknown): PortError {
  const where =
    source.env === undefined ? `the file ${source.file}` : `the environment variable ${source.env}`
  return new PortError(`a secret is missing: ${where} has none`, {
    code: 'SecretMissing',
    handling: 'stall',
    remedy: 'Put the secret there, readable by the user of the controller.',
    ...(cause === undefined ? {} : { cause }),
  })
}
