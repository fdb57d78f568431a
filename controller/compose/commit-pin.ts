import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createForge } from '../adapters/forge/forge.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { createRedactor } from '../adapters/telemetry/redactor.ts'
import type { PinRequest, PinResult } from '../cli/context.ts'
import { editPin } from '../core/edit-release.ts'
import { formatIssue, MAX_FILE_BYTES } from '../core/manifest.ts'
import { PortError } from '../ports/error.ts'
import type { Forge } from '../ports/forge.ts'
import type { Source } from '../ports/source.ts'
import type { DefaultedEnvironment } from '../resources/types.ts'
import { loadConfig } from './load-config.ts'
import type { Secrets } from './secrets.ts'
import { createSecrets } from './secrets.ts'
import { sourceOf } from './source.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Somebody else pushed meanwhile: it is read again this often. */
const ATTEMPTS = 3
const GIT_TIMEOUT_MS = 120_000
const FILES_LIMIT = 10_000

/**
 * Commits a pin, or its removal, to the environment's branch. It works on a mirror of its own, because the controller's belongs to the
 * controller. Throws PortErrors, and a ConfigError.
 */
export async function commitPin(request: PinRequest, variables: Variables): Promise<PinResult> {
  const config = await loadConfig(request.config, variables)
  const environment = config.environments.find(({ metadata }) => metadata.name === request.environment)
  if (environment === undefined) throw unknownEnvironment(request, config.environments)
  const secrets = createSecrets({ redactor: createRedactor(), variables })
  const directory = await mkdtemp(join(tmpdir(), 'steersman-pin-'))
  try {
    const source = sourceOf(environment.spec.source, secrets, {
      mirrorDir: join(directory, 'mirror'),
      clock: systemClock,
      timeoutMs: GIT_TIMEOUT_MS,
    })
    const author = await gitIdentity(variables)
    const forge = forgeOf(request, environment, variables)
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const result = await commitOnce(source, { request, environment, secrets, author, forge })
      if (result !== 'Stale') return result
    }
    throw new PortError(`others pushed to ${environment.spec.source.branch} ${ATTEMPTS} times meanwhile`, {
      code: 'SourceBusy',
      handling: 'retry',
      remedy: 'try again',
    })
  } finally {
    secrets.close()
    await rm(directory, { recursive: true, force: true })
  }
}

async function commitOnce(
  source: Source,
  {
    request,
    environment,
    secrets,
    author,
    forge,
  }: {
    readonly request: PinRequest
    readonly environment: DefaultedEnvironment
    readonly secrets: Secrets
    readonly author: string
    /** Where a pull request is to be opened. */
    readonly forge: Forge | undefined
  },
): Promise<PinResult | 'Stale'> {
  const { branch, path } = environment.spec.source
  const references = { branch, tagPrefix: `deploy/${environment.metadata.name}/` }
  const { head } = await source.references(references)
  if (head === undefined) throw branchMissing(branch)
  await source.fetch(references)
  const files = await source.files({
    commit: head,
    path,
    limitBytes: MAX_FILE_BYTES,
    limitFiles: FILES_LIMIT,
  })
  const edited = editPin({ ...request, files, path, environment: environment.metadata.name })
  if (!('text' in edited)) throw new PortError(formatIssue(edited), { code: edited.code, handling: 'stall' })
  const before = files.find((file) => file.path === edited.path)
  if (before?.text === edited.text) return { branch, path: edited.path, commit: undefined }
  const newBranch = forge === undefined ? undefined : branchFor(request, head)
  const pushed = await source.commitFiles({
    branch,
    newBranch,
    head,
    edits: [edited],
    message: request.message,
    author,
    at: systemClock.now(),
    signingKeyFile: signingKeyOf(environment, secrets, forge !== undefined),
  })
  if (forge !== undefined && newBranch !== undefined)
    return { path: edited.path, ...(await opened(forge, request, { head: newBranch, base: branch, pushed })) }
  return pushed.result === 'Stale' ? 'Stale' : { branch, path: edited.path, commit: pushed.commit }
}

/** Undefined where no pull request is asked for. Throws before anything is pushed. */
function forgeOf(
  { pullRequest }: PinRequest,
  { spec }: DefaultedEnvironment,
  variables: Variables,
): Forge | undefined {
  if (pullRequest === undefined) return undefined
  const { repository } = spec.source
  return createForge({ repository, asked: pullRequest.forge, token: variables['STEERSMAN_FORGE_TOKEN'] })
}

/** The same pin on the same commit has the same branch: asked for once more, the pull request is found and not made twice. */
function branchFor({ environment, release, pin, message }: PinRequest, head: string): string {
  const content = createHash('sha256')
    .update(JSON.stringify([head, pin, message]))
    .digest('hex')
  return `steersman/${environment}-${release}-${content.slice(0, 10)}`
}

async function opened(
  forge: Forge,
  { message }: PinRequest,
  {
    head,
    base,
    pushed,
  }: {
    readonly head: string
    readonly base: string
    readonly pushed: Awaited<ReturnType<Source['commitFiles']>>
  },
): Promise<Pick<PinResult, 'branch' | 'commit' | 'pullRequest'>> {
  const [title = '', ...body] = message.split('\n')
  const { url } = await forge.open({ head, base, title, body: body.join('\n').trim() })
  return { branch: head, commit: pushed.result === 'Stale' ? undefined : pushed.commit, pullRequest: url }
}

/** Where the head of the branch has to be signed, a commit without a signature would stop every deployment; a pull request is merged by a commit of the forge's own. */
function signingKeyOf(
  { spec }: DefaultedEnvironment,
  secrets: Secrets,
  isMergedLater: boolean,
): string | undefined {
  const { signingKeyFrom, verify, branch } = spec.source
  if (signingKeyFrom !== undefined) return secrets.file(signingKeyFrom)
  if (isMergedLater) return undefined
  if (verify.mode !== 'HEAD' && verify.mode !== 'TagAndHEAD') return undefined
  throw new PortError(`commits of ${branch} have to be signed, and the Environment names no key`, {
    code: 'SigningKeyMissing',
    handling: 'stall',
    remedy: 'set spec.source.signingKeyFrom, or edit spec.pin in a signed commit of your own',
  })
}

const run = promisify(execFile)

/** Who git would say commits here; of the environment variables that git knows, then of its configuration. */
async function gitIdentity(variables: Variables): Promise<string> {
  const name = variables['GIT_AUTHOR_NAME'] ?? (await gitSetting('user.name')) ?? 'steersman'
  const address = variables['GIT_AUTHOR_EMAIL'] ?? (await gitSetting('user.email')) ?? 'steersman@localhost'
  return `${plain(name)} <${plain(address)}>`
}

const plain = (text: string): string => text.replaceAll(/[<>\n\0]/g, ' ').trim()

async function gitSetting(name: string): Promise<string | undefined> {
  try {
    const { stdout } = await run('git', ['config', '--get', name], { timeout: 5_000, maxBuffer: 64 * 1024 })
    return stdout.trim() || undefined
  } catch {
    return undefined
  }
}

function unknownEnvironment(
  { environment, config }: PinRequest,
  known: readonly DefaultedEnvironment[],
): PortError {
  const names = known.map(({ metadata }) => metadata.name).slice(0, 10)
  return new PortError(`${config} has no environment ${JSON.stringify(environment)}`, {
    code: 'EnvironmentMissing',
    handling: 'stall',
    remedy: names.length === 0 ? 'give the config that has it' : `give one of ${names.join(', ')}`,
  })
}

const branchMissing = (branch: string): PortError =>
  new PortError(`the branch ${branch} does not exist`, {
    code: 'SourceMissing',
    handling: 'wait',
    remedy: 'push it, or correct spec.source.branch of the Environment',
  })
