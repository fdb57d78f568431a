import { digestFiles, inputDigest } from '../../core/infrastructure/input-digest.ts'
import { declaredVariables } from '../../core/infrastructure/root.ts'
import type { RootPolicy } from '../../core/infrastructure/root.ts'
import { imageOfText, terraformVariables } from '../../core/infrastructure/variables.ts'
import type { GivenImage } from '../../core/infrastructure/variables.ts'
import type {
  DefaultedEnvironment,
  DefaultedTerraformSettings,
  InfrastructureStatus,
} from '../../resources/types.ts'
import type { EnvironmentState } from '../engine.ts'
import { readRoot } from './read-root.ts'
import type { InfrastructureWant, KnownRoot } from './wanted.ts'

/** The image of a release, as far as it is known. */
export interface WantedImage {
  /** Of the commit itself. */
  readonly own: GivenImage | undefined
  /** Of the version that a pin names. */
  readonly pinned: GivenImage | undefined
}

/**
 * Reads what the commit gives to Terraform. `images` has a member for each release whose task definition Terraform registers. Where the commit's own image is
 * not there, or a pin says what serves, the one that was given last stays.
 */
export async function readWant(
  state: EnvironmentState,
  settings: DefaultedTerraformSettings,
  wanted: {
    readonly commit: string
    readonly images: Readonly<Record<string, WantedImage>>
    readonly status: InfrastructureStatus
  },
): Promise<InfrastructureWant> {
  const { commit, status } = wanted
  const known = await knownRoot(state, settings, commit)
  if (known.issues.length > 0) return { kind: 'Refused', commit, issues: known.issues }
  const images: Record<string, GivenImage> = {}
  for (const [release, { own, pinned }] of Object.entries(wanted.images)) {
    const given = own ?? imageOfText(status.images?.[release] ?? '') ?? pinned
    if (given === undefined) return { kind: 'ImageMissing', commit, release }
    images[release] = given
  }
  const environment = state.environment.metadata.name
  const variables = terraformVariables({ declared: known.declared, environment, images })
  const digest = inputDigest({
    root: settings.path,
    files: known.files,
    varFiles: settings.varFiles ?? [],
    variables,
    workspace: settings.workspace,
    backendConfig: backendConfigOf(settings),
  })
  if (digest !== status.inputDigest && (await isOlder(state, commit, status.commit)))
    return { kind: 'Older', commit }
  return { kind: 'Inputs', commit, inputDigest: digest, variables, images }
}

/** What may stand in a root of the environment. */
export const rootPolicyOf = ({ backend, providers, modules }: DefaultedTerraformSettings): RootPolicy => ({
  backends: [backend],
  providers,
  modules,
})

export const backendConfigOf = ({
  backendConfig,
}: DefaultedTerraformSettings): Readonly<Record<string, unknown>> => backendConfig ?? {}

/** The commit's root; a person who changed the settings has changed the environment, and its state is new then. */
async function knownRoot(
  state: EnvironmentState,
  settings: DefaultedTerraformSettings,
  commit: string,
): Promise<KnownRoot> {
  if (state.root?.commit === commit) return state.root
  const { source, infrastructure } = state.connections
  if (infrastructure === undefined) throw new Error('an environment with Terraform has no connection to it')
  const { files, modules, issues } = await readRoot({
    source,
    terraform: infrastructure.terraform,
    commit,
    root: settings.path,
    varFiles: settings.varFiles ?? [],
    policy: rootPolicyOf(settings),
  })
  state.root = {
    commit,
    files: digestFiles(files),
    declared: modules.slice(0, 1).flatMap(declaredVariables),
    issues,
  }
  return state.root
}

async function isOlder(
  state: EnvironmentState,
  commit: string,
  applied: string | undefined,
): Promise<boolean> {
  if (applied === undefined || applied === commit) return false
  const { source } = state.connections
  // A commit that git does not have any more, as after a force-push, is older than nothing.
  return (await source.hasCommit(applied)) && source.isAncestor(commit, applied)
}

/** The environment's settings for Terraform; undefined without any. */
export const settingsOf = ({ spec }: DefaultedEnvironment): DefaultedTerraformSettings | undefined =>
  spec.terraform
