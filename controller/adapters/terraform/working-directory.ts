import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { posix } from 'node:path'
import { PortError } from '../../ports/error.ts'
import type { TerraformFile } from '../../ports/terraform.ts'
import { recordOwner } from './run-records.ts'
import type { ChildUser } from './users.ts'

/** Where one session lives. */
export interface WorkingDirectory {
  /** All the others are below it. */
  readonly path: string
  /** Of the root, in which Terraform is started. */
  readonly root: string
  readonly home: string
  readonly temporary: string
  /** For what is handed to Terraform: plan, variables, backend settings. */
  readonly exchange: string
  /** For what it prints: not its own to read. */
  readonly logs: string
  remove(): Promise<void>
}

/** Ours alone; a child of another user may pass through, and see nothing. */
const PRIVATE = 0o700
const PASSABLE = 0o711
const PRIVATE_FILE = 0o600

/**
 * Lays files out below a fresh directory: `child/` belongs to the user of the session, `logs/` to us. Throws PortError
 * `TerraformInvalid` for a path that would leave it.
 */
export async function createWorkingDirectory({
  base,
  user,
  files,
  root,
}: {
  readonly base: string
  readonly user: ChildUser | undefined
  readonly files: readonly TerraformFile[]
  readonly root: string
}): Promise<WorkingDirectory> {
  await mkdir(base, { recursive: true, mode: user === undefined ? PRIVATE : PASSABLE })
  const directory = await mkdtemp(join(base, 'run-'))
  try {
    if (user !== undefined) await chmod(directory, PASSABLE)
    const child = join(directory, 'child')
    const made: WorkingDirectory = {
      path: directory,
      root: join(child, 'tree', treePath(root)),
      home: join(child, 'home'),
      temporary: join(child, 'tmp'),
      exchange: join(child, 'exchange'),
      logs: join(directory, 'logs'),
      remove: () => rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
    }
    await mkdir(made.logs, { mode: PRIVATE })
    await recordOwner(made.logs)
    for (const folder of [child, made.home, made.temporary, made.exchange, join(child, 'tree')])
      await makeFolder(folder, user)
    const folders = new Set([child, join(child, 'tree')])
    await makeFolders(made.root, { folders, user })
    for (const { path, text } of files) {
      const target = join(child, 'tree', treePath(path))
      await makeFolders(dirname(target), { folders, user })
      await writePrivate(target, text, user)
    }
    return made
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

/** A new file that only the session's user may read. */
export async function writePrivate(path: string, text: string, user: ChildUser | undefined): Promise<void> {
  await writeFile(path, text, { flag: 'wx', mode: PRIVATE_FILE })
  if (user !== undefined) await chown(path, user.uid, user.gid)
}

async function makeFolders(
  folder: string,
  { folders, user }: { readonly folders: Set<string>; readonly user: ChildUser | undefined },
): Promise<void> {
  if (folders.has(folder)) return
  await makeFolders(dirname(folder), { folders, user })
  await makeFolder(folder, user)
  folders.add(folder)
}

async function makeFolder(folder: string, user: ChildUser | undefined): Promise<void> {
  await mkdir(folder, { mode: PRIVATE })
  if (user !== undefined) await chown(folder, user.uid, user.gid)
}

/** git has no such paths; whoever calls with others must not get out. */
function treePath(path: string): string {
  const isInside =
    !path.startsWith('/') &&
    !/[\\\0]/.test(path) &&
    !path.split('/').includes('..') &&
    posix.normalize(path) !== '..'
  if (isInside) return path
  throw new PortError(`the path ${JSON.stringify(path)} leaves the repository`, {
    code: 'TerraformInvalid',
    handling: 'stall',
    remedy: 'Give a path below the repository’s root.',
  })
}
