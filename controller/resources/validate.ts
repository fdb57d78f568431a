import { compileKind } from './validate/kind.ts'
import type { Validated } from './validate/kind.ts'
import { configurationSchema } from './generated/configuration.ts'
import type { DefaultedConfiguration } from './generated/configuration.ts'
import { environmentSchema } from './generated/environment.ts'
import type { DefaultedEnvironment } from './generated/environment.ts'
import { releaseSchema } from './generated/release.ts'
import type { DefaultedRelease } from './generated/release.ts'
import { rolloutSchema } from './generated/rollout.ts'
import type { Schema } from './schema.ts'
import type { Rollout } from './types.ts'

export type { Validated } from './validate/kind.ts'

const environment = atFirstUse(environmentSchema)
const release = atFirstUse(releaseSchema)
const configuration = atFirstUse(configurationSchema)
const rollout = atFirstUse(rolloutSchema)

/** Checks a document against the Environment's schema; the value is a copy with the defaults filled in. */
export function validateEnvironment(document: unknown): Validated<DefaultedEnvironment> {
  return environment<DefaultedEnvironment>({ document })
}

/** Checks a document against the Release's schema; the value is a copy with the defaults filled in. */
export function validateRelease(document: unknown): Validated<DefaultedRelease> {
  return release<DefaultedRelease>({ document })
}

/** Checks a document against the Configuration's schema; the value is a copy with the defaults filled in. */
export function validateConfiguration(document: unknown): Validated<DefaultedConfiguration> {
  return configuration<DefaultedConfiguration>({ document })
}

/** Checks what is to be a Rollout's spec, against the one before where there is one: a spec never changes. */
export function validateRollout(document: unknown, previous?: unknown): Validated<Rollout> {
  return rollout<Rollout>({ document, previous })
}

/** The check of one kind, compiled when it is first asked for: to compile all four takes a third of a second, and most runs need few. */
function atFirstUse(schema: Schema): ReturnType<typeof compileKind> {
  let compiled: ReturnType<typeof compileKind> | undefined
  return (input) => {
    compiled ??= compileKind(schema)
    return compiled(input)
  }
}
