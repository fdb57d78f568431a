import { stringify } from 'yaml'
import { formatIssue, substituteRelease } from '../core/manifest.ts'
import type { LoadedRelease, SubstitutionValues } from '../core/manifest.ts'
import { loadSettings } from '../core/manifest/settings.ts'
import type { DefaultedEnvironment } from '../resources/types.ts'
import type { CommandContext } from './context.ts'
import { CommandError } from './errors.ts'
import { loadRoot, onlyRoot } from './manifests.ts'
import { formatOf } from './output.ts'
import type { Verb } from './verb.ts'

interface Options {
  readonly path: string
  readonly commit?: string
  readonly config?: string
  readonly output?: string
}

/** `steersman render ENVIRONMENT`: manifests as the controller would read them, offline. */
export const renderVerb: Verb = {
  name: 'render',
  summary: 'print the manifests of an environment after overlays and substitution',
  examples: [
    'steersman render prod --path deploy',
    'steersman render prod --path deploy --commit "$(git rev-parse HEAD)" --config /etc/steersman',
  ],
  define(command, context, finish) {
    command
      .argument('<environment>', 'whose overlays are laid over')
      .option('--path <folder>', 'where releases/ lies', '.')
      .option('--commit <id>', 'stands for ${commit}; left out, placeholders of it stay')
      .option('--config <path>', 'the Environment’s document, for required gates, region and account')
      .option('-o, --output <format>', 'yaml or json')
      .action(async (environment: string, options: Options) => {
        const format = formatOf(options.output ?? 'yaml', ['yaml', 'json'])
        const documents = await rendered(context, environment, options)
        context.terminal.out(
          format === 'json'
            ? `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: documents }, undefined, 2)}\n`
            : documents
                .map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }))
                .join('---\n'),
        )
        finish(0)
      })
  },
}

async function rendered(
  { starters }: CommandContext,
  name: string,
  { path, commit, config }: Options,
): Promise<readonly object[]> {
  const root = onlyRoot(await starters.readTree(path), path)
  const environment = config === undefined ? undefined : await environmentIn(starters, { config, name })
  const { releases, issues } = loadRoot(root, name, environment?.spec.requiredGates ?? [])
  if (issues.length > 0) throw new IssuesError(issues.map(formatIssue))
  return releases.map((loaded) => documentOf(substituteRelease(loaded, valuesOf(loaded, { name, commit, environment }))))
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
  const files = (await starters.readTree(config)).map((file) => ({ ...file, path: file.path === '' ? config : file.path }))
  const manifests = files.filter((file) => /\.(ya?ml|json)$/i.test(file.path) && !file.path.includes('/'))
  const loaded = loadSettings(files.length === 1 ? files : manifests)
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
  const { image } = release.spec
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

/** The task definition stands in its place, so that what is printed is whole. */
function documentOf({ release, taskDefinitionDocument }: LoadedRelease): object {
  if (taskDefinitionDocument === undefined) return release
  return { ...release, spec: { ...release.spec, taskDefinition: { inline: taskDefinitionDocument } } }
}
