import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Clock } from '../../ports/clock.ts'
import type { PortError } from '../../ports/error.ts'
import type { Repository } from '../../ports/source.ts'
import { parseAddress } from './address.ts'
import type { Address } from './address.ts'
import { localEnvironment, LOCAL_CONFIG, remoteConfig, remoteEnvironment } from './environment.ts'
import type { ChildEnvironment } from './environment.ts'
import { classifyFailure, GitFailure } from './errors.ts'
import { createLocalGit } from './local.ts'
import type { LocalOptions } from './local.ts'
import { createMemory } from './memory.ts'
import type { Memory } from './memory.ts'
import { MAX_OUTPUT_BYTES, runProcess } from './process.ts'
import type { ProcessResult } from './process.ts'
import { together, unlessAborted } from './together.ts'

export interface MirrorOptions {
  readonly repository: Repository
  readonly mirrorDir: string
  readonly clock: Clock
  /** Of one git command. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** Where the few inherited variables come from (PATH, proxies, certificates). */
  readonly outerEnvironment?: NodeJS.ProcessEnv
}

/** A ready bare mirror: runs git in it, with bounds and without any configuration but ours. */
export interface Mirror {
  readonly directory: string
  readonly address: Address
  readonly memory: Memory
  /** A command on the mirror's own objects: its standard output as text. */
  local(args: readonly string[], options?: LocalOptions): Promise<string>
  /** `git cat-file --batch` with these lines as input: its standard output, byte by byte. */
  batch(lines: readonly string[]): Promise<Buffer>
  /** A command that talks to the repository, in its own process group; resolves whatever its exit code. */
  remote(args: readonly string[]): Promise<ProcessResult>
  /** The same for a question to which all who ask it meanwhile get one answer. */
  question(args: readonly string[]): Promise<ProcessResult>
  /** Another program (a signature's check or making), in its own process group. */
  program(request: {
    readonly command: string
    readonly args: readonly string[]
    readonly input?: Buffer | string
    readonly environment?: Readonly<Record<string, string>>
  }): Promise<ProcessResult>
  /** Runs `work` alone among this process's writers of the mirror's references. */
  exclusively<T>(work: () => Promise<T>): Promise<T>
  /** The error that crosses the port, without secrets. */
  failure(error: unknown, operation: string, write?: boolean): PortError
}

const MAX_LOCK_FILES = 10_000
interface Prepared {
  /** While it still goes on the directory may not be there yet. */
  readonly work: Promise<void>
  isDone: boolean
  readonly memory: Memory
}

/** What made each mirror ready, and what it has answered since. */
const prepared = new Map<string, Prepared>()
const writers = new Map<string, Promise<unknown>>()

/** Opens the mirror of a repository; makes it, and removes lock files that a killed process left, once per process and directory. */
export async function openMirror(options: MirrorOptions): Promise<Mirror> {
  const address = parseAddress(options.repository)
  const outer = options.outerEnvironment ?? process.env
  const environment = localEnvironment(options.mirrorDir, outer)
  const { work, memory } = prepareOnce(options, address, environment)
  await work
  const git = createLocalGit({ ...options, environment })
  const { secrets } = address
  const run = (
    request: Pick<Parameters<typeof runProcess>[0], 'command' | 'args' | 'input' | 'environment'>,
  ) =>
    runProcess({
      ...request,
      workingDirectory: options.mirrorDir,
      timeoutMs: options.timeoutMs,
      maxOutputBytes: MAX_OUTPUT_BYTES,
      clock: options.clock,
      signal: options.signal,
    })
  const remoteArguments = configArguments(remoteConfig(address))
  const remoteVariables = remoteEnvironment({
    base: environment,
    address,
    credentials: options.repository.credentials,
    safeDirectoryFile: join(options.mirrorDir, SAFE_DIRECTORY_FILE),
    outer,
  })
  const remote: Mirror['remote'] = (args) =>
    run({ command: 'git', args: [...remoteArguments, ...args], environment: remoteVariables })
  return {
    directory: options.mirrorDir,
    address,
    memory,
    local: (args, request) => git.text(args, request),
    batch: (lines) => git.batch(lines),
    remote,
    async question(args) {
      const { signal } = options
      const result = await unlessAborted(
        together(questionKey(options, args), () => remote(args)),
        signal,
      )
      // Whoever began it has gone.
      return result.ended === 'aborted' && signal?.aborted !== true ? remote(args) : result
    },
    program: (request) => run({ ...request, environment: { ...environment, ...request.environment } }),
    exclusively: (writing) => inTurn(options.mirrorDir, writing),
    failure: (error, operation, write) => classifyFailure(error, operation, secrets, write),
  }
}

/** Only who asks the same repository by the same mirror as the same user is given the same answer. */
function questionKey({ mirrorDir, repository }: MirrorOptions, args: readonly string[]): string {
  const asked = JSON.stringify([mirrorDir, repository.url, repository.credentials ?? null, args])
  return createHash('sha256').update(asked).digest('hex')
}

/** Removes the mirror when it is this copy that git finds broken, and not the repository: the next call makes it anew. */
export async function removeIfDamaged(mirror: Mirror): Promise<void> {
  const args = [...configArguments(LOCAL_CONFIG), 'fsck', '--no-dangling', '--no-progress']
  const result = await mirror.program({ command: 'git', args })
  if (result.ended === 'exited' && result.exitCode !== 0)
    await rm(mirror.directory, { recursive: true, force: true })
}

/** The `-c` arguments of settings. */
export function configArguments(settings: readonly string[]): readonly string[] {
  return settings.flatMap((setting) => ['-c', setting])
}

const SAFE_DIRECTORY_FILE = 'steersman-safe-directory'

function prepareOnce(options: MirrorOptions, address: Address, environment: ChildEnvironment): Prepared {
  const known = prepared.get(options.mirrorDir)
  if (known !== undefined && (!known.isDone || existsSync(options.mirrorDir))) return known
  const preparing: Prepared = {
    work: prepare(options, address, environment),
    isDone: false,
    memory: createMemory(),
  }
  prepared.set(options.mirrorDir, preparing)
  preparing.work.then(
    () => (preparing.isDone = true),
    () => prepared.delete(options.mirrorDir),
  )
  return preparing
}

async function prepare(
  options: MirrorOptions,
  address: Address,
  environment: ChildEnvironment,
): Promise<void> {
  const { mirrorDir, clock, timeoutMs, signal } = options
  await mkdir(mirrorDir, { recursive: true, mode: 0o700 })
  if (existsSync(join(mirrorDir, 'HEAD'))) {
    await removeLockFiles(mirrorDir)
  } else {
    const result = await runProcess({
      command: 'git',
      args: [...configArguments(LOCAL_CONFIG), 'init', '--quiet', '--bare', '--template=', mirrorDir],
      environment,
      workingDirectory: mirrorDir,
      timeoutMs,
      maxOutputBytes: MAX_OUTPUT_BYTES,
      clock,
      signal,
    })
    if (result.exitCode !== 0) throw classifyFailure(new GitFailure('init', result), 'init', [])
  }
  await mkdir(join(mirrorDir, 'info'), { recursive: true })
  if (address.protocol === 'file')
    await writeFile(join(mirrorDir, SAFE_DIRECTORY_FILE), safeDirectory(address.url))
}

/** `git upload-pack` asks that its repository's owner is us or is named; only the one path that the platform team configured is. */
function safeDirectory(path: string): string {
  const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  return `[safe]\n\tdirectory = ${quoted(path)}\n\tdirectory = ${quoted(join(path, '.git'))}\n`
}

/** A reference's lock that a killed git left makes every later fetch fail. Only the lease's holder gets here, so nobody else holds one. */
async function removeLockFiles(mirrorDir: string): Promise<void> {
  const entries = await readdir(mirrorDir, { recursive: true, withFileTypes: true })
  const locks = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.lock'))
    .slice(0, MAX_LOCK_FILES)
  await Promise.all(locks.map((entry) => rm(join(entry.parentPath, entry.name), { force: true })))
}

async function inTurn<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const before = writers.get(directory) ?? Promise.resolve()
  const current = before.then(work, work)
  writers.set(directory, current)
  try {
    return await current
  } finally {
    if (writers.get(directory) === current) writers.delete(directory)
  }
}
