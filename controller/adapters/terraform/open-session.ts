import { basename } from 'node:path'
import type { Clock } from '../../ports/clock.ts'
import type { TerraformRequest, TerraformSession } from '../../ports/terraform.ts'
import { findBinary } from './binary.ts'
import type { Binary } from './binary.ts'
import type { CommandContext, TerraformLimits } from './commands.ts'
import { terraformEnvironment } from './environment.ts'
import { createSecretHider } from './hide-secrets.ts'
import { startSession } from './session.ts'
import type { Turns } from './turns.ts'
import type { ChildUser, ChildUsers } from './users.ts'
import { createWorkingDirectory } from './working-directory.ts'
import type { WorkingDirectory } from './working-directory.ts'

/** What every process of this adapter shares. */
export interface Surroundings {
  readonly binary: Binary
  readonly directory: string
  readonly clock: Clock
  readonly redact: (text: string) => string
  readonly outerEnvironment: NodeJS.ProcessEnv
  readonly limits: TerraformLimits
  readonly users: ChildUsers
  readonly turns: Turns
}

/** Variables among the credentials that are none, and that messages had better keep. */
const NO_SECRETS = /_(?:REGION|ENDPOINT_URL\w*|MODE|ATTEMPTS|ARN)$/

/** Opens a root under a user of its own; what was made is removed when that fails, or when the session is closed. */
export async function openSession(
  surroundings: Surroundings,
  request: TerraformRequest,
): Promise<TerraformSession> {
  const { files, root, credentials, environment } = request
  const endTurn = await surroundings.turns.take(environment, request.signal)
  const place = await takePlace(surroundings, { files, root, environment }).catch((error: unknown) => {
    endTurn()
    throw error
  })
  const leave: Place['leave'] = (how) => place.leave(how).finally(endTurn)
  try {
    const hider = createSecretHider(surroundings.redact)
    hider.hide(Object.entries(credentials).flatMap(([name, value]) => (NO_SECRETS.test(name) ? [] : [value])))
    hider.hide(request.secrets)
    const context = await contextOf(surroundings, place, credentials)
    const { signal, onEvent } = request
    return await startSession({
      asked: request,
      directory: place.directory,
      context: { ...context, signal, onEvent, redact: hider.redact },
      hide: hider.hide,
      onClose: leave,
    })
  } catch (error) {
    await leave({ keep: false })
    throw error
  }
}

export interface Place {
  readonly user: ChildUser | undefined
  readonly directory: WorkingDirectory
  /** Removes the directory, unless it is still worked in; the user may be taken again once nobody uses it. */
  leave(how: { readonly keep: boolean }): Promise<void>
}

/** A user and a directory that belongs to it. */
export async function takePlace(
  { users, directory: base }: Surroundings,
  { environment, ...laidOut }: Pick<TerraformRequest, 'files' | 'root'> & { readonly environment?: string },
): Promise<Place> {
  const user = await users.take(environment)
  let isLeft = false
  try {
    const directory = await createWorkingDirectory({ base, user, ...laidOut })
    return {
      user,
      directory,
      leave: async ({ keep }) => {
        if (isLeft) return
        isLeft = true
        await (keep ? Promise.resolve() : directory.remove()).finally(() => users.giveBack(user))
      },
    }
  } catch (error) {
    users.giveBack(user)
    throw error
  }
}

/** How commands are run in a place. */
export async function contextOf(
  { binary, outerEnvironment: outer, limits, clock, redact }: Surroundings,
  { user, directory }: Place,
  credentials: Readonly<Record<string, string>>,
): Promise<CommandContext> {
  const { home, temporary, root, logs } = directory
  return {
    binary: await findBinary(binary, outer['PATH'] ?? ''),
    environment: terraformEnvironment({
      outer,
      home,
      temporary,
      user: basename(directory.path),
      credentials,
    }),
    workingDirectory: root,
    logs,
    user,
    limits,
    clock,
    redact,
  }
}
