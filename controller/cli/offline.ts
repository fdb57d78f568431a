import { basename, dirname, join } from 'node:path'
import type { Change } from '../core/diff.ts'
import type { SourceFile } from '../core/manifest.ts'
import { formatIssue, loadManifests } from '../core/manifest.ts'
import { loadSettings } from '../core/manifest/settings.ts'
import { substitute } from '../core/manifest/substitute.ts'
import { offlineDiff } from '../core/offline-diff.ts'
import type { DefaultedEnvironment } from '../resources/types.ts'
import { notOne, releaseAsWritten } from './as-written.ts'
import type { Starters } from './context.ts'
import { CommandError } from './errors.ts'

interface OfflineRequest {
  readonly release: string
  readonly live: string
  readonly environment: string | undefined
  readonly commit: string | undefined
}

interface OfflineChanges {
  readonly changes: readonly Change[]
  /** What the controller would refuse about the release, and what of it could not be compared. */
  readonly issues: readonly string[]
}

type Files = Pick<Starters, 'readFile'>

/** The differences between a release's file and a saved live state; throws a CommandError for files that can't be used. */
export async function offlineChanges(files: Files, request: OfflineRequest): Promise<OfflineChanges> {
  const environment =
    request.environment === undefined ? undefined : await readEnvironment(files, request.environment)
  const name = environment?.metadata.name
  const { release, issues } = await readRelease(files, { file: request.release, environment })
  const { region, accountId } = environment?.spec.aws ?? {}
  const values = {
    commit: request.commit ?? '${commit}',
    // Core knows it from the image, and which commit would be its tag.
    imageTag: '${imageTag}',
    environment: name ?? '${environment}',
    region: region ?? '${region}',
    account: accountId ?? '${account}',
  }
  const live = await readLive(files, request.live)
  try {
    return {
      changes: offlineDiff({
        release: substitute(release, values),
        environment: name,
        commit: request.commit,
        live,
      }),
      issues,
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new CommandError(error.message, { remedy: `correct ${request.live} or ${request.release}` })
  }
}

async function readEnvironment(files: Files, path: string): Promise<DefaultedEnvironment> {
  const { environments, issues } = loadSettings([await needed(files, path)], { isInCluster: true })
  const [issue] = issues
  if (issue !== undefined) throw new CommandError(formatIssue(issue))
  const [first, second] = environments
  if (first !== undefined && second === undefined) return first.environment
  throw new CommandError(`${path} holds ${environments.length} environments`, {
    remedy: 'give a file with one',
  })
}

type OfflineRelease = Parameters<typeof offlineDiff>[0]['release']

interface ReadRelease {
  readonly release: OfflineRelease
  /** What the controller would refuse, but a comparison can do without. */
  readonly issues: readonly string[]
}

/** A file in `releases/` has its overlays and task definitions beside that folder; any other file has them beside itself. */
async function readRelease(
  files: Files,
  { file, environment }: { readonly file: string; readonly environment: DefaultedEnvironment | undefined },
): Promise<ReadRelease> {
  const isInTree = basename(dirname(file)) === 'releases'
  const root = isInTree ? dirname(dirname(file)) : dirname(file)
  const base: SourceFile = { ...(await needed(files, file)), path: `releases/${basename(file)}` }
  const name = environment?.metadata.name
  const overlays = isInTree && name !== undefined ? await overlaysOf(files, { root, file, name }) : []
  const others = await taskDefinitionFiles(files, root, [base, ...overlays])
  const tree = [base, ...overlays, ...others]
  const requiredGates = environment?.spec.requiredGates ?? []
  const { releases, issues } = loadManifests({
    files: tree,
    path: '.',
    environment: name,
    requiredGates,
    ignore: environment?.spec.ignore,
  })
  const shown = issues.map((issue) => formatIssue({ ...issue, file: join(root, issue.file) }))
  const [issue] = shown
  if (issue !== undefined) {
    if (!issues.every(({ code }) => PASSED_OVER.has(code))) throw new CommandError(issue)
    return { release: releaseAsWritten(tree, { file, environment: name }), issues: shown }
  }
  const [first, second] = releases
  if (first === undefined || second !== undefined) throw notOne(file, releases.length)
  const { release, taskDefinitionDocument, outputReferences } = first
  const [reference] = outputReferences
  if (reference !== undefined)
    throw new CommandError(`${file}: ${reference.path} is held by the Terraform output ${reference.output}`, {
      remedy:
        'give a copy of the file with the names themselves, or compare with live AWS: `steersman diff ENVIRONMENT`',
    })
  return {
    release: {
      name: release.metadata.name,
      spec: release.spec,
      ...(taskDefinitionDocument === undefined ? {} : { taskDefinitionDocument }),
    },
    issues: leftOut(release.spec),
  }
}

/** What a comparison without Terraform's outputs says nothing about. */
const leftOut = ({ traffic }: OfflineRelease['spec']): readonly string[] =>
  traffic?.actions === undefined
    ? []
    : [
        `actions beside forward are in the Terraform output ${traffic.actions.terraform}, so none of them is compared; \`steersman diff ENVIRONMENT\` compares them`,
      ]

/** A task definition that ECS would refuse can be compared all the same. */
const PASSED_OVER: ReadonlySet<string> = new Set(['InvalidTaskDefinition'])

async function overlaysOf(
  files: Files,
  { root, file, name }: { readonly root: string; readonly file: string; readonly name: string },
): Promise<readonly SourceFile[]> {
  const stem = basename(file).replace(/\.(ya?ml|json)$/i, '')
  const paths = ['yaml', 'yml', 'json'].map((extension) => `overlays/${name}/${stem}.${extension}`)
  const read = await Promise.all(
    paths.map(async (path) => {
      const found = await files.readFile(join(root, path))
      return found === undefined ? [] : [{ ...found, path }]
    }),
  )
  return read.flat()
}

/** The files that `taskDefinition.file` may name; which one counts is for the loader to say. */
async function taskDefinitionFiles(
  files: Files,
  root: string,
  manifests: readonly SourceFile[],
): Promise<readonly SourceFile[]> {
  const names = manifests.flatMap(({ text }) =>
    [...text.matchAll(/\bfile["']?\s*:\s*["']?([^\s"',}]+)/g)].map(([, name]) => name ?? ''),
  )
  const inside = [...new Set(names)].filter(
    (name) => !name.split('/').includes('..') && !name.startsWith('/'),
  )
  const read = await Promise.all(
    inside.slice(0, MOST_TASK_DEFINITIONS).map(async (path) => {
      const found = await files.readFile(join(root, path))
      return found === undefined ? [] : [{ ...found, path: path.replace(/^\.\//, '') }]
    }),
  )
  return read.flat()
}

const MOST_TASK_DEFINITIONS = 50

async function readLive(files: Files, path: string): Promise<unknown> {
  const { text } = await needed(files, path, 64 * 1024 * 1024)
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new CommandError(`${path} is not JSON`, {
      remedy: 'give a live state as JSON, as the AWS CLI prints it',
    })
  }
}

async function needed(files: Files, path: string, limitBytes?: number): Promise<SourceFile> {
  const found = await files.readFile(path, limitBytes)
  if (found !== undefined) return found
  throw new CommandError(`there is no file ${path}`, { remedy: 'correct the path' })
}
