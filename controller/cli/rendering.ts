import { formatIssue, substituteRelease } from '../core/manifest.ts'
import type { LoadedRelease, SubstitutionValues } from '../core/manifest.ts'
import { withReferences } from '../core/manifest/output-references.ts'
import { loadSettings } from '../core/manifest/settings.ts'
import { mainImageOf } from '../resources/images.ts'
import type { DefaultedEnvironment } from '../resources/types.ts'
import type { CommandContext } from './context.ts'
import { CommandError } from './errors.ts'
import { loadRoot, onlyRoot } from './manifests.ts'

export interface RenderOptions {
  readonly path: string
  readonly commit?: string
  readonly config?: string
}

/** The releases of an environment as the controller would read them; throws an error that names every issue. */
export async function renderedReleases(
  { starters }: CommandContext,
  name: string,
  { path, commit, config }: RenderOptions,
): Promise<readonly object[]> {
  const root = onlyRoot(await starters.readTree(path), path)
  const environment = config === undefined ? undefined : await environmentIn(starters, { config, name })
  const { releases, issues } = loadRoot(root, name, environment?.spec.requiredGates ?? [])
  if (issues.length > 0) throw new IssuesError(issues.map(formatIssue))
  return releases.map((loaded) =>
    documentOf(substituteRelease(loaded, valuesOf(loaded, { name, commit, environment }))),
  )
}

/** Told one a line. */
class IssuesError extends Error {
  override readonly name = 'IssuesError'
  readonly issues: readonly string[]

  constructor(issues: readonly string[]) {
    super(issues.join('\n'))
    this.issues = issues
  }
}

async function environmentIn(
  starters: CommandContext['starters'],
  { config, name }: { readonly config: string; readonly name: string },
): Promise<DefaultedEnvironment> {
  const files = (await starters.readTree(config)).map((file) => ({
    ...file,
    path: file.path === '' ? config : file.path,
  }))
  const manifests = files.filter((file) => /\.(ya?ml|json)$/i.test(file.path) && !file.path.includes('/'))
  const loaded = loadSettings(files.length === 1 ? files : manifests, { isInCluster: true })
  if (loaded.issues.length > 0) throw new IssuesError(loaded.issues.map(formatIssue))
  const found = loaded.environments.find(({ environment }) => environment.metadata.name === name)
  if (found !== undefined) return found.environment
  throw new CommandError(`${config} has no environment ${JSON.stringify(name)}`, {
    remedy: 'correct the name, or give the config file that has it',
  })
}

/** What nobody gave stays a placeholder. */
function valuesOf(
  { release }: LoadedRelease,
  {
    name,
    commit,
    environment,
  }: {
    readonly name: string
    readonly commit: string | undefined
    readonly environment: DefaultedEnvironment | undefined
  },
): SubstitutionValues {
  const image = mainImageOf(release)?.image
  const { region, accountId } = environment?.spec.aws ?? {}
  const commitTag = image?.tagFromCommit === undefined ? undefined : commit
  return {
    commit: commit ?? '${commit}',
    imageTag: image?.tag ?? commitTag ?? '${imageTag}',
    environment: name,
    region: region ?? '${region}',
    account: accountId ?? '${account}',
  }
}

/** The task definition stands in its place, so that what is printed is whole; what Terraform's outputs hold stays a reference. */
function documentOf({ release: named, outputReferences, taskDefinitionDocument }: LoadedRelease): object {
  const release = withReferences(named, outputReferences)
  if (taskDefinitionDocument === undefined) return release
  return { ...release, spec: { ...release.spec, taskDefinition: { inline: taskDefinitionDocument } } }
}
