import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect } from 'vitest'

import { systemClock } from '../../controller/adapters/system/clock.ts'
import { createGitSource } from '../../controller/adapters/git/source.ts'
import type { MirrorOptions } from '../../controller/adapters/git/mirror.ts'
import { PortError } from '../../controller/ports/error.ts'
import type { Repository, Source } from '../../controller/ports/source.ts'

/** A source with a mirror of its own below a fresh data directory. */
export function createTestSource(
  url: string,
  options: { readonly credentials?: Repository['credentials'] } & Partial<
    Omit<MirrorOptions, 'repository'>
  > = {},
): { readonly source: Source; readonly dataDir: string; readonly mirrorDir: string; remove(): void } {
  const { credentials, ...rest } = options
  const dataDir = mkdtempSync(join(tmpdir(), 'steersman-test-data-'))
  const mirrorDir = join(dataDir, 'mirror')
  const repository = { url, credentials }
  const source = createGitSource({ repository, mirrorDir, clock: systemClock, timeoutMs: 20_000, ...rest })
  return { source, dataDir, mirrorDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) }
}

/** The PortError that a promise must reject with. */
export async function portError(promise: Promise<unknown>): Promise<PortError> {
  const outcome = await promise.then(
    () => new Error('it did not reject'),
    (error: unknown) => error,
  )
  if (outcome instanceof PortError) return outcome
  throw new Error('not a PortError', { cause: outcome })
}

/** A matcher for a text that contains another, without the `any` of vitest's own type. */
export function containing(text: string): unknown {
  return expect.stringContaining(text)
}
