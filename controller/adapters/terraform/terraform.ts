import { resolve } from 'node:path'
import type { Terraform, TerraformVersion } from '../../ports/terraform.ts'
import { parseVersion } from './binary.ts'
import { createCommands } from './commands.ts'
import type { TerraformLimits } from './commands.ts'
import { cleanRuns } from './clean.ts'
import { followApply } from './follow.ts'
import { createHclParser } from './hcl.ts'
import { contextOf, openSession, takePlace } from './open-session.ts'
import type { Surroundings } from './open-session.ts'
import { rememberParsed } from './remembered.ts'
import { createTurns } from './turns.ts'
import { createChildUsers, usersInUse } from './users.ts'

const MINUTE_MS = 60_000

/** A database may take most of an hour; a plan that takes a quarter of one is stuck. */
const USUAL_LIMITS: TerraformLimits = {
  initMs: 5 * MINUTE_MS,
  planMs: 15 * MINUTE_MS,
  applyMs: 90 * MINUTE_MS,
  readMs: 2 * MINUTE_MS,
  graceMs: MINUTE_MS,
  applyGraceMs: 15 * MINUTE_MS,
  outputBytes: 64 * 1024 * 1024,
}

/** Terraform with the AWS provider takes some 800 MB and ten seconds of processor time for each plan. */
const USUAL_CONCURRENCY = 2

/**
 * `directory`: below it each session gets a directory of its own; other users must be able to reach it where we run as root.
 * `redact` takes the secrets that the program knows out of a text. `outerEnvironment`: where the few inherited variables come from.
 */
export interface TerraformOptions extends Omit<Surroundings, 'limits' | 'users' | 'turns'> {
  readonly limits?: Partial<TerraformLimits>
  /** How many roots are open at once. */
  readonly concurrency?: number
}

/** The Terraform CLI, as {@link Terraform} promises it. */
export function createTerraform(options: TerraformOptions): Terraform {
  const { clock } = options
  const directory = resolve(options.directory)
  const limits = { ...USUAL_LIMITS, ...options.limits }
  const surroundings: Surroundings = {
    ...options,
    directory,
    limits,
    turns: createTurns(options.concurrency ?? USUAL_CONCURRENCY),
    users: createChildUsers(process.getuid?.() === 0, () => usersInUse(directory)),
  }
  return {
    isolation: process.getuid?.() === 0 ? 'OtherUser' : 'SameUser',
    version: () => askVersion(surroundings),
    parse: rememberParsed(createHclParser(clock)),
    open: (request) => openSession(surroundings, request),
    follow: (running, how) => followApply({ ...how, base: directory, running, clock }),
    clean: () => cleanRuns({ base: directory, clock, graceMs: limits.graceMs }),
  }
}

async function askVersion(surroundings: Surroundings): Promise<TerraformVersion> {
  const place = await takePlace(surroundings, { files: [], root: '' })
  try {
    const commands = createCommands(await contextOf(surroundings, place, {}))
    const { readMs } = surroundings.limits
    const answer = await commands.json('version', { args: ['version', '-json'], timeoutMs: readMs })
    return parseVersion(surroundings.binary, JSON.stringify(answer))
  } finally {
    await place.leave({ keep: false })
  }
}
