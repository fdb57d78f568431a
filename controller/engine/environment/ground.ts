import { taskDefinitionOutput } from '../../core/infrastructure/outputs.ts'
import { infrastructureSaid, isApplied } from '../../core/infrastructure/said.ts'
import { nameByOutputs } from '../../core/infrastructure/release-names.ts'
import type { LoadedRelease } from '../../core/manifest.ts'
import { checkReleaseAllowed } from '../../core/policy.ts'
import type { DeployedRelease } from '../../core/revision.ts'
import type { NamedImage } from '../../resources/images.ts'
import { imagesOf } from '../../resources/images.ts'
import { isRecord } from '../../resources/problem.ts'
import type { DefaultedRelease, InfrastructureStatus, ResolvedImage } from '../../resources/types.ts'
import type { Desire, EnvironmentState, Reader } from '../engine.ts'
import type { WantedImage } from '../infrastructure/want.ts'
import { readWant, settingsOf } from '../infrastructure/want.ts'
import type { InfrastructureWant } from '../infrastructure/wanted.ts'
import { environmentStatus } from '../objects.ts'
import type { ImageAnswer } from './images.ts'
import type { ExistingVersion } from './pins.ts'
import { problemOf } from './pins.ts'

/** What only a person can mend. */
export type Stalled = Extract<Desire, { kind: 'Stalled' }>

/** What the wanted commit's releases stand on: the infrastructure that Terraform makes before they roll out. */
export type Ground =
  | {
      readonly kind: 'Ready'
      readonly want: InfrastructureWant | undefined
      readonly outputs: InfrastructureStatus['outputs']
    }
  /** The releases wait, or stall, until Terraform has applied what the commit says. */
  | {
      readonly kind: 'NotReady'
      readonly want: InfrastructureWant
      readonly desire: Desire
      /** Of the apply before. */
      readonly outputs: InfrastructureStatus['outputs']
    }

interface Grounded {
  readonly commit: string
  /** With a hold no Terraform runs: what serves was made by then. */
  readonly held: readonly DeployedRelease[] | undefined
  readonly resolved: readonly {
    readonly loaded: { readonly release: DefaultedRelease }
    readonly image: ImageAnswer | undefined
    readonly existing: ExistingVersion | Stalled | undefined
  }[]
}

/** How far Terraform is with the wanted commit. */
export async function readGround(
  engine: Reader,
  state: EnvironmentState,
  { commit, held, resolved }: Grounded,
): Promise<Ground> {
  const settings = settingsOf(state.environment)
  const environment = state.environment.metadata.name
  if (settings === undefined) return { kind: 'Ready', want: undefined, outputs: undefined }
  const status = environmentStatus(await engine.ports.store.get('Environment', environment))
  const known = status.infrastructure ?? {}
  if (held !== undefined) return { kind: 'Ready', want: undefined, outputs: known.outputs }
  const want = await readWant(state, settings, { commit, status: known, images: givenImages(resolved) })
  if (want.kind === 'Inputs' && isApplied({ status: known, inputDigest: want.inputDigest }))
    return { kind: 'Ready', want, outputs: known.outputs }
  return { kind: 'NotReady', want, desire: desireOf(environment, want, known), outputs: known.outputs }
}

/** The images that Terraform is given: of the releases whose task definitions it registers, those of further containers as `release/container`. */
function givenImages(resolved: Grounded['resolved']): Readonly<Record<string, WantedImage>> {
  return Object.fromEntries(
    resolved.flatMap(({ loaded: { release }, image, existing }) => {
      if (release.spec.taskDefinition.terraform === undefined) return []
      const found = image?.kind === 'Found' ? image : undefined
      const version = existing?.kind === 'Version' ? existing : undefined
      const { name } = release.metadata
      return imagesOf(release).map((named, index) => {
        const { container } = named
        const [own, pinned] =
          index === 0
            ? [found?.image, given(named, version?.imageDigest)]
            : [find(found?.sidecars, container), find(version?.sidecars, container)]
        return [index === 0 ? name : `${name}/${container ?? ''}`, { own, pinned }]
      })
    }),
  )
}

const find = (
  sidecars: readonly ResolvedImage[] | undefined,
  container: string | undefined,
): ResolvedImage | undefined => sidecars?.find((sidecar) => sidecar.container === container)

const given = ({ image: { repository } }: NamedImage, digest: string | undefined): WantedImage['pinned'] =>
  digest === undefined ? undefined : { repository, digest }

function desireOf(environment: string, want: InfrastructureWant, status: InfrastructureStatus): Desire {
  const inputDigest = want.kind === 'Inputs' ? want.inputDigest : undefined
  const [ready] = infrastructureSaid({ environment, status, inputDigest, refusal: refusalOf(want) })
  const message = `the infrastructure is not ready: ${ready?.message ?? ''}`
  if (want.kind === 'Refused' || want.kind === 'Older')
    return { kind: 'Stalled', reason: ready?.reason ?? '', message }
  return { kind: 'Waiting', reason: 'InfrastructureNotReady', message, until: undefined }
}

/** Why Terraform is not started at all. */
export function refusalOf(
  want: InfrastructureWant,
): { readonly reason: string; readonly message: string } | undefined {
  switch (want.kind) {
    case 'Inputs':
      return undefined
    case 'Refused': {
      const [first] = want.issues
      const { length } = want.issues
      const which = first === undefined ? '' : `${first.file}: ${first.message}`
      return {
        reason: 'RootRefused',
        message: `the Terraform root is not run (${length} ${length === 1 ? 'issue' : 'issues'}): ${which}`,
      }
    }
    case 'ImageMissing':
      return {
        reason: 'ImageNotFound',
        message: `Terraform has to be given the image of ${want.release}, which nobody knows: it is not in the registry yet, or the release is pinned to a version that is not there`,
      }
    case 'Older':
      return {
        reason: 'OlderThanApplied',
        message:
          'Terraform does not run for a commit older than the last applied one; revert the infrastructure in a new commit, or pin the releases',
      }
  }
}

/** The release with the names that Terraform's outputs hold, or as it was with the reason why they can't be had. */
export function namesOf(
  state: Pick<EnvironmentState, 'environment'>,
  loaded: LoadedRelease,
  ground: Ground,
): { readonly loaded: LoadedRelease; readonly unnamed: Stalled | undefined } {
  if (loaded.outputReferences.length === 0) return { loaded, unnamed: undefined }
  if (settingsOf(state.environment) === undefined) return { loaded, unnamed: notConfigured('names') }
  const named = nameByOutputs(loaded, ground.outputs, state.environment.metadata.name)
  if (named.kind === 'Stalled') return { loaded, unnamed: named }
  const { allow, images, requiredGates } = state.environment.spec
  const policy = { allow, images, requiredGates }
  const [problem] = checkReleaseAllowed({ release: named.loaded.release, policy })
  if (problem === undefined) return { loaded: named.loaded, unnamed: undefined }
  return { loaded, unnamed: stalled('OutputNotAllowed', `${problem.path}: ${problem.message}`) }
}

/** The revision that an output names, if it exists, may run, and has the release's own images. */
export async function versionOfOutput(
  state: EnvironmentState,
  wanted: {
    readonly release: DefaultedRelease
    readonly output: string
    readonly images: readonly ResolvedImage[]
    readonly ground: Extract<Ground, { kind: 'Ready' }>
  },
): Promise<Stalled | { readonly kind: 'Version'; readonly taskDefinition: string }> {
  const { release, output, images, ground } = wanted
  if (settingsOf(state.environment) === undefined) return notConfigured('task definition')
  const found = taskDefinitionOutput(ground.outputs, output)
  if (found.kind === 'Stalled') return found
  const taskDefinition = found.value
  const definition = await state.connections.platform.taskDefinition(taskDefinition)
  if (definition === undefined || definition.status !== 'ACTIVE')
    return stalled(
      'OutputInvalid',
      `the Terraform output ${output} names ${taskDefinition}, which does not exist or is not active any more`,
    )
  const problem = problemOf(state, release, definition)
  if (problem !== undefined)
    return stalled('OutputNotAllowed', `the task definition ${taskDefinition}: ${problem.message}`)
  const image = images.find((each) => !hasImage(definition.document, each))
  if (image !== undefined)
    return stalled(
      'OutputImageDiffers',
      `no container of ${taskDefinition} has the image ${image.repository}@${image.digest}; let the root use var.images["${release.metadata.name}${image === images[0] ? '' : `/${image.container ?? ''}`}"]`,
    )
  return { kind: 'Version', taskDefinition }
}

/** A root that ignores its variable would roll another image out than the commit says. */
function hasImage(document: Readonly<Record<string, unknown>>, image: ResolvedImage): boolean {
  const containers: unknown = document['containerDefinitions']
  if (!Array.isArray(containers)) return false
  const names = new Set([
    `${image.repository}@${image.digest}`,
    ...(image.tag === undefined ? [] : [`${image.repository}:${image.tag}`]),
  ])
  return containers.some(
    (container: unknown) =>
      isRecord(container) &&
      (image.container === undefined || container['name'] === image.container) &&
      names.has(String(container['image'])),
  )
}

/** The environment lacks what an output could come from. */
export const notConfigured = (what: string): Stalled =>
  stalled(
    'TerraformNotConfigured',
    `the release takes its ${what} from Terraform outputs, and the environment has no spec.terraform`,
  )

const stalled = (reason: string, message: string): Stalled => ({ kind: 'Stalled', reason, message })
