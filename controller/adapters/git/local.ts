import { simpleGit } from 'simple-git'
import type { SimpleGit } from 'simple-git'

import type { Clock } from '../../ports/clock.ts'
import { LOCAL_CONFIG } from './environment.ts'
import type { ChildEnvironment } from './environment.ts'
import { GitFailure } from './errors.ts'
import { MAX_OUTPUT_BYTES } from './process.ts'
import type { ProcessResult } from './process.ts'

export interface LocalOptions {
  readonly input?: Buffer | string
  /** Variables on top, from the list that is allowed below. */
  readonly environment?: Readonly<Record<string, string>>
}

interface LocalGitOptions {
  readonly mirrorDir: string
  readonly clock: Clock
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  readonly environment: ChildEnvironment
}

/** simple-git removes every GIT_ variable that is not named here. All of these are set by us, to constants or to the mirror's paths. */
const ALLOWED_ENVIRONMENT: readonly string[] = [
  'GIT_DIR',
  'GIT_INDEX_FILE',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CONFIG_GLOBAL',
  'GIT_TERMINAL_PROMPT',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_LITERAL_PATHSPECS',
  'GIT_ATTR_NOSYSTEM',
]

/** simple-git's guard is lifted for what the hardening itself needs, and for nothing else. */
const LIFTED_GUARDS = {
  /** `core.hooksPath=/dev/null`: no hook ever runs. */
  allowUnsafeHooksPath: true,
  /** `protocol.allow=never`: a local command never reaches out. */
  allowUnsafeProtocolOverride: true,
  /** `GIT_CONFIG_GLOBAL=/dev/null`: the user's configuration is not read. */
  allowUnsafeConfigPaths: true,
} as const

/** git commands that read or write the mirror's own objects. They start no other process, so that signalling git is enough to end them. */
export function createLocalGit(options: LocalGitOptions): {
  text(args: readonly string[], local?: LocalOptions): Promise<string>
  batch(lines: readonly string[]): Promise<Buffer>
} {
  return {
    text: (args, local = {}) =>
      bounded({ options, local, operation: String(args[0]) }, (git) => git.raw([...args])),
    batch: (lines) =>
      bounded<Buffer>(
        { options, local: { input: lines.map((line) => `${line}\n`).join('') }, operation: 'cat-file' },
        (git) => git.binaryCatFile(['--batch']),
      ),
  }
}

async function bounded<T>(
  request: { readonly options: LocalGitOptions; readonly local: LocalOptions; readonly operation: string },
  work: (git: SimpleGit) => PromiseLike<T>,
): Promise<T> {
  const { options, operation } = request
  const controller = new AbortController()
  let ended: ProcessResult['ended'] = 'exited'
  const end = (why: ProcessResult['ended']): void => {
    if (ended === 'exited') ended = why
    controller.abort()
  }
  /** simple-git makes its own error of any other: ours is kept aside. */
  let failure: GitFailure | undefined
  const abort = (): void => end('aborted')
  if (options.signal?.aborted === true) abort()
  options.signal?.addEventListener('abort', abort, { once: true })
  const cancelTimeout = options.clock.setTimer(options.timeoutMs, () => end('timedOut'))
  try {
    return await work(
      createGit(
        request,
        controller.signal,
        () => end('tooLarge'),
        (error) => (failure = error),
      ),
    )
  } catch (error) {
    throw ended === 'exited' ? (failure ?? error) : new GitFailure(operation, { ended, stderr: '' })
  } finally {
    cancelTimeout()
    options.signal?.removeEventListener('abort', abort)
  }
}

function createGit(
  { options, local, operation }: { options: LocalGitOptions; local: LocalOptions; operation: string },
  signal: AbortSignal,
  onTooLarge: () => void,
  onFailure: (failure: GitFailure) => void,
): SimpleGit {
  const git = simpleGit({
    baseDir: options.mirrorDir,
    abort: signal,
    config: [...LOCAL_CONFIG],
    allowEnvironment: ALLOWED_ENVIRONMENT,
    unsafe: LIFTED_GUARDS,
    input: () => local.input,
    errors: (error, { exitCode, stdErr }) => {
      if (exitCode === 0 && !(error instanceof Error)) return undefined
      onFailure(
        new GitFailure(operation, { ended: 'exited', stderr: Buffer.concat(stdErr).toString('utf8') }),
      )
      return new Error(`git ${operation} failed`)
    },
  })
  let bytes = 0
  const count = (chunk: Buffer): void => {
    bytes += chunk.length
    if (bytes > MAX_OUTPUT_BYTES) onTooLarge()
  }
  return git
    .env({ ...options.environment, ...local.environment })
    .outputHandler((_command, stdout, stderr) => {
      stdout.on('data', count)
      stderr.on('data', count)
    })
}
