import { join } from 'node:path'
import { PortError } from '../../ports/error.ts'
import type { StateLock } from '../../ports/terraform.ts'
import { isRecord } from '../../resources/problem.ts'
import type { CommandContext, Commands } from './commands.ts'
import { readSmallFile, readSmallJson } from './small-file.ts'
import { lockInfo } from './state-lock.ts'

interface Asked {
  readonly commands: Commands
  readonly context: CommandContext
}

/** As Terraform makes them; no lock has this one. */
const LOCK_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const NO_LOCK_ID = '00000000-0000-0000-0000-000000000000'

/**
 * Who holds the state's lock, without taking or freeing it: to free it by an id that it can't have fails, and the failure tells its
 * holder (S3 and DynamoDB, Terraform 1.11). Undefined when nobody does, or the backend did not answer. `NeverShown`: a lock of the `local` backend is of
 * the operating system, which frees it when its process ends; and other backends may free a lock whatever the id is, as `http` does.
 */
export async function askForLock({
  commands,
  context,
  signal,
}: Asked & { readonly signal: AbortSignal }): Promise<StateLock | 'NeverShown' | undefined> {
  if ((await backendOf(context)) !== 's3') return 'NeverShown'
  const answer = await forceUnlock(NO_LOCK_ID, { commands, context, signal }).catch(() => undefined)
  if (answer === undefined) return undefined
  if (answer.isFreed) return 'NeverShown'
  return answer.lock
}

/** Frees the lock of this id. Throws PortErrors `StateLockChanged` and `StateUnlockFailed`. */
export async function freeLock(id: string, asked: Asked): Promise<void> {
  if (!LOCK_ID.test(id)) throw changed('no lock has such an id')
  const backend = await backendOf(asked.context)
  if (backend !== 's3' && backend !== 'local') throw uncompared(backend)
  const { isFreed, lock, text, failure } = await forceUnlock(id, asked)
  if (isFreed) return
  if (lock !== undefined && lock.id !== id) throw changed(`it is ${lock.id} of ${lock.who}`)
  if (NOBODYS.test(text)) throw changed('nobody holds it')
  throw failure
}

/** No object of S3, no item of DynamoDB, no lock of this very process. */
const NOBODYS = /NoSuchKey|unexpected end of JSON input|LocalState not locked/

interface Unlocking {
  readonly isFreed: boolean
  /** Whose it is, where it was not freed. */
  readonly lock: StateLock | undefined
  readonly text: string
  readonly failure: PortError
}

async function forceUnlock(
  id: string,
  { commands, context, signal }: Asked & { readonly signal?: AbortSignal },
): Promise<Unlocking> {
  const ran = await commands.run('force-unlock', {
    args: ['force-unlock', '-force', '-no-color', id],
    timeoutMs: context.limits.readMs,
    // A question may be dropped at any time.
    ...(signal === undefined ? {} : { signal, graceMs: 0 }),
  })
  const text = (await readSmallFile(ran.result.errorFile)) ?? ''
  const lock = lockInfo(text)
  return {
    isFreed: ran.result.exitCode === 0,
    lock: lock !== undefined && LOCK_ID.test(lock.id) ? lock : undefined,
    text,
    failure: commands.failure('force-unlock', ran),
  }
}

/** As `init` noted it; empty where it did not. */
async function backendOf({ workingDirectory }: CommandContext): Promise<string> {
  const noted = await readSmallJson(join(workingDirectory, '.terraform', 'terraform.tfstate'))
  const backend = isRecord(noted) ? noted['backend'] : undefined
  const type = isRecord(backend) ? backend['type'] : undefined
  return typeof type === 'string' ? type : ''
}

function changed(why: string): PortError {
  return new PortError(`the state's lock is not the one that was to be freed: ${why}`, {
    code: 'StateLockChanged',
    handling: 'stall',
    remedy:
      'See who holds the lock, and wait for them; if nobody works there any more, `terraform force-unlock` frees it.',
  })
}

function uncompared(backend: string): PortError {
  return new PortError(`the backend ${JSON.stringify(backend)} may free a lock whatever its id is`, {
    code: 'StateUnlockFailed',
    handling: 'stall',
    remedy: 'Free the lock by `terraform force-unlock` once nobody works there.',
  })
}
