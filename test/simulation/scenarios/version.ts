import type { ImageBehavior } from '../../../controller/sandbox/kernel/ports-between.ts'

/** What a version of the application is like; the last part of its tag says it: `v3-good`. */
const behaviors = {
  good: {},
  /** As good as others, and its own gates do not know. */
  doubted: {},
  slow: { startSeconds: 25 },
  'fails-gate': { status: 500, health: { status: 200 } },
  'never-healthy': { health: { status: 500 } },
  'never-starts': { neverStarts: true },
  crashes: { crashAfterSeconds: 0 },
  'fails-migration': { override: { exitCode: 3 } },
  'never-migrated': { override: { seconds: 3600 } },
  'slow-migration': { override: { seconds: 30 } },
  'crashes-later': { crashAfterSeconds: 60 },
  /** Runs well, and may not run where a scan is asked for. */
  vulnerable: { scan: { findings: { CRITICAL: 1, MEDIUM: 7 } } },
} as const satisfies Readonly<Record<string, ImageBehavior>>

export type VersionKind = keyof typeof behaviors

const UNFIT: ReadonlySet<string> = new Set([
  'fails-gate',
  'never-healthy',
  'never-starts',
  'crashes',
  'fails-migration',
  'never-migrated',
  'vulnerable',
])

export function behaviorOf(version: string): ImageBehavior {
  const kind = kindOf(version)
  return Object.hasOwn(behaviors, kind) ? behaviors[kind as VersionKind] : {}
}

/** Whether no request may ever reach it. */
export const isUnfit = (version: string): boolean => UNFIT.has(kindOf(version))

/** Whether its tasks end by themselves after a while, when it already has the traffic. */
export const isFickle = (version: string): boolean => kindOf(version) === 'crashes-later'

/** Whether the scan of its image finds what may not run. */
export const isVulnerable = (version: string): boolean => kindOf(version) === 'vulnerable'

/** Whether gates of its own do not pass, though it serves well. */
export const isDoubted = (version: string): boolean => kindOf(version) === 'doubted'

const kindOf = (version: string): string => version.slice(version.indexOf('-') + 1)
