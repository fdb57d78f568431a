import { contentDigest } from '../../core/content-digest.ts'
import type { DesiredRelease } from '../../core/desired.ts'
import type { Issue, LoadedRelease } from '../../core/manifest.ts'
import {
  loadManifests,
  MAX_FILE_BYTES,
  releaseIssue,
  substituteRelease,
  taskDefinitionIssue,
} from '../../core/manifest.ts'
import { checkReleaseAllowed, checkTaskDefinitionAllowed } from '../../core/policy.ts'
import type { DeployedRelease } from '../../core/revision.ts'
import { SharedParts } from '../../core/shared-parts.ts'
import type { RenderedTaskDefinition } from '../../core/task-definition.ts'
import { renderTaskDefinition, TaskDefinitionError, namesTags } from '../../core/task-definition.ts'
import { mainContainerName, mainImageOf } from '../../resources/images.ts'
import { releaseObjectName } from '../../resources/names.ts'
import type { ResolvedImage } from '../../resources/types.ts'
import type { CommitFacts } from '../../ports/source.ts'
import type { Desire, DesiresRead, EnvironmentState, Reader } from '../engine.ts'
import { adoptedOr } from './adopted.ts'
import { givenActions } from './given-actions.ts'
import type { Ground } from './ground.ts'
import { namesOf, readGround, versionOfOutput } from './ground.ts'
import type { Stalled } from './ground.ts'
import type { ImageAnswer } from './images.ts'
import { imageTagUnknown, ownTagOf, resolveImages, usesImageTag } from './images.ts'
import type { ExistingVersion } from './pins.ts'
import { existingVersion, refusalOf } from './pins.ts'
import type { HeldByScan } from './scans.ts'
import { heldByScan } from './scans.ts'
import { assertFolder } from './source-path.ts'

/** Files of one environment that are read; more is an Issue of its own. */
const MAXIMUM_FILES = 2_000

/** Which commit is wanted, why, and what git's records say of it. */
export interface WantedCommit {
  readonly commit: CommitFacts
  readonly why: 'Commit' | 'Tag'
  readonly who: string
  readonly deployed: readonly DeployedRelease[]
  /** With a hold: what the record says of each release. */
  readonly held: readonly DeployedRelease[] | undefined
}

/** A release of the wanted commit with its placeholders filled, and the existing version that it is pinned or held to. */
interface Filled {
  readonly loaded: LoadedRelease
  readonly existing: Awaited<ReturnType<typeof existingVersion>>
}

interface Resolved extends Filled {
  readonly image: ImageAnswer | undefined
  readonly scan: HeldByScan | undefined
}

interface Named extends Resolved {
  /** Why the names are not known that Terraform's outputs shall hold. */
  readonly unnamed: Stalled | undefined
}

/** Turns the wanted commit into what each release shall be, or into everything that is wrong with it. A commit is whole or nothing. */
export async function readDesires(
  engine: Reader,
  state: EnvironmentState,
  wanted: WantedCommit,
): Promise<DesiresRead> {
  const { spec, metadata } = state.environment
  const { source } = state.connections
  const files = await source.files({
    commit: wanted.commit.id,
    path: spec.source.path,
    limitBytes: MAX_FILE_BYTES,
    limitFiles: MAXIMUM_FILES,
  })
  assertFolder(files, { path: spec.source.path, commit: wanted.commit.id })
  const { releases, issues } = loadManifests({
    files,
    path: spec.source.path,
    environment: metadata.name,
    requiredGates: spec.requiredGates ?? [],
    ignore: spec.ignore,
  })
  const filled = await Promise.all(releases.map((loaded) => fillIn(engine, state, wanted, loaded)))
  const refused = filled.flatMap(({ loaded }) => policyIssues(state, loaded))
  if (issues.length + refused.length > 0) return { kind: 'Refused', issues: [...issues, ...refused] }
  const resolved = await Promise.all(filled.map((one) => withImage(engine, state, wanted, one)))
  const ground = await readGround(engine, state, { commit: wanted.commit.id, held: wanted.held, resolved })
  const named = resolved.map((one) => ({ ...one, ...namesOf(state, one.loaded, ground) }))
  const desires = new Map<string, Desire>()
  // The releases of an environment say the same of most things, and are kept as long as the commit is wanted.
  const parts = new SharedParts()
  for (const one of named) {
    const { release } = one.loaded
    const desire = await desireOf(state, wanted, { ...one, ground })
    desires.set(release.metadata.name, parts.of(givenActions(state, desire, { release, ground })))
  }
  return {
    kind: 'Read',
    loaded: named.map(({ loaded: { release, outputReferences } }) => parts.of({ release, outputReferences })),
    desires,
    infrastructure: ground.want,
  }
}

/** What runs, once it is known and may run by its scan. */
async function withImage(
  engine: Reader,
  state: EnvironmentState,
  wanted: WantedCommit,
  filled: Filled,
): Promise<Resolved> {
  const { release } = filled.loaded
  // A version that exists needs no image.
  const image =
    filled.existing === undefined
      ? await resolveImages(engine, state, { release, commit: wanted.commit.id })
      : undefined
  const { existing } = filled
  const scan = await heldByScan(engine, state, { release, image, existing, deployed: wanted.deployed })
  return { ...filled, image, scan }
}

async function fillIn(
  engine: Reader,
  state: EnvironmentState,
  wanted: WantedCommit,
  loaded: LoadedRelease,
): Promise<Filled> {
  const { aws } = state.environment.spec
  const existing = await existingVersion(engine, state, { release: loaded.release, ...wanted })
  const ownTag = await ownTagOf(state.connections.source, wanted.commit.id, loaded.release)
  const values = {
    commit: wanted.commit.id,
    environment: state.environment.metadata.name,
    region: aws.region,
    account: aws.accountId ?? '',
  }
  const imageTag = existing?.kind === 'Version' ? existing.imageTag : ownTag
  const substituted = substituteRelease(loaded, { ...values, imageTag: imageTag ?? '' })
  return {
    loaded: substituted,
    existing:
      existing?.kind === 'Version' && imageTag === undefined && usesImageTag(loaded)
        ? imageTagUnknown
        : existing,
  }
}

/** What the environment's policy forbids of a release; names that Terraform's outputs hold are judged once they are known. */
export function policyIssues(state: Pick<EnvironmentState, 'environment'>, loaded: LoadedRelease): Issue[] {
  const { allow, images, requiredGates } = state.environment.spec
  const policy = { allow, images, requiredGates }
  const { release, taskDefinitionDocument: document } = loaded
  const family = releaseObjectName({
    environment: state.environment.metadata.name,
    release: release.metadata.name,
  })
  const later = new Set(loaded.outputReferences.map(({ path }) => path))
  const own = checkReleaseAllowed({ release, policy })
    .filter(({ path }) => !later.has(path))
    .map((problem) => releaseIssue(loaded, problem))
  const uses = document === undefined ? [] : checkTaskDefinitionAllowed({ document, family, release, policy })
  return [...own, ...uses.map((problem) => taskDefinitionIssue(loaded, problem))]
}

async function desireOf(
  state: EnvironmentState,
  wanted: WantedCommit,
  { loaded, existing, image, scan, unnamed, ground }: Named & { readonly ground: Ground },
): Promise<Desire> {
  const { release } = loaded
  if (existing?.kind === 'Stalled') return existing
  if (scan !== undefined) return scan
  if (unnamed !== undefined) return ground.kind === 'Ready' ? unnamed : ground.desire
  if (existing !== undefined) {
    const held = wanted.held?.some((deployed) => deployed.release === release.metadata.name) === true
    return (
      (await refusalOf(state, release, existing)) ??
      pinned(state, wanted, { loaded, pin: existing, why: held ? 'Tag' : 'Pin' })
    )
  }
  if (image !== undefined && image.kind !== 'Found') return image
  if (ground.kind !== 'Ready') return ground.desire
  const { terraform } = release.spec.taskDefinition
  if (terraform !== undefined) {
    const version = await versionOfOutput(state, { release, output: terraform, images: allOf(image), ground })
    return version.kind === 'Stalled' ? version : registered(state, wanted, { loaded, image, version })
  }
  try {
    return await adoptedOr(state, release, documented(state, wanted, { loaded, image }))
  } catch (error) {
    if (!(error instanceof TaskDefinitionError)) throw error
    return { kind: 'Stalled', reason: error.code, message: error.message }
  }
}

const allOf = (found: Extract<ImageAnswer, { kind: 'Found' }> | undefined): readonly ResolvedImage[] =>
  found === undefined ? [] : [found.image, ...found.sidecars]

/** A release that shall serve a version that exists. */
export function pinned(
  state: Pick<EnvironmentState, 'environment'>,
  wanted: WantedCommit,
  version: {
    readonly loaded: LoadedRelease
    readonly pin: ExistingVersion
    readonly why: 'Pin' | 'Tag'
  },
): Desire {
  const { loaded, pin, why } = version
  const { spec } = loaded.release
  const { repository } = mainImageOf(loaded.release)?.image ?? {}
  const digest = digestOf(spec, pin.taskDefinition, pin.imageDigest)
  const release: DesiredRelease = {
    ...common(state, wanted, loaded),
    why,
    ...(pin.wasVerified ? { goesBack: true as const } : {}),
    reason: why === 'Pin' ? spec.pin?.reason : 'the tag was moved by hand',
    image:
      repository === undefined || pin.imageDigest === undefined
        ? undefined
        : {
            repository,
            digest: pin.imageDigest,
            ...(pin.imageTag === undefined ? {} : { tag: pin.imageTag }),
          },
    sidecars: pin.sidecars ?? [],
    version: { taskDefinition: pin.taskDefinition, document: undefined },
    digest,
  }
  return { kind: 'Ready', release, rendered: undefined }
}

/** A release whose task definition Terraform has registered. */
function registered(
  state: Pick<EnvironmentState, 'environment'>,
  wanted: WantedCommit,
  {
    loaded,
    image,
    version,
  }: {
    readonly loaded: LoadedRelease
    readonly image: Extract<ImageAnswer, { kind: 'Found' }> | undefined
    readonly version: { readonly taskDefinition: string }
  },
): Desire {
  const { taskDefinition } = version
  const digest = digestOf(loaded.release.spec, taskDefinition, image?.image.digest)
  const release: DesiredRelease = {
    ...common(state, wanted, loaded),
    why: wanted.why,
    reason: undefined,
    image: image?.image,
    sidecars: image?.sidecars ?? [],
    version: { taskDefinition, document: undefined },
    // What it holds is read by nobody here.
    runsTags: true,
    digest,
  }
  return { kind: 'Ready', release, rendered: undefined }
}

/** A release that shall serve what its own task definition says. */
export function documented(
  state: Pick<EnvironmentState, 'environment'>,
  wanted: WantedCommit,
  version: {
    readonly loaded: LoadedRelease
    readonly image: Extract<ImageAnswer, { kind: 'Found' }> | undefined
  },
): Desire {
  const { loaded, image } = version
  const { spec, metadata } = loaded.release
  const document = loaded.taskDefinitionDocument
  if (document === undefined)
    return {
      kind: 'Stalled',
      reason: 'TaskDefinitionMissing',
      message: 'the release has no task definition of its own',
    }
  const rendered: RenderedTaskDefinition = renderTaskDefinition({
    document,
    environment: state.environment.metadata.name,
    release: metadata.name,
    container: mainContainerName(loaded.release),
    image: image?.image,
    sidecars: image?.sidecars ?? [],
  })
  const digest = digestOf(spec, rendered.digest, image?.image.digest)
  const release: DesiredRelease = {
    ...common(state, wanted, loaded),
    why: wanted.why,
    reason: undefined,
    image: image?.image,
    sidecars: image?.sidecars ?? [],
    version: { taskDefinition: undefined, document: { family: rendered.family, digest: rendered.digest } },
    ...(namesTags(rendered.document) ? { runsTags: true as const } : {}),
    digest,
  }
  return { kind: 'Ready', release, rendered }
}

/** Over what makes one try of the release the same as another. */
function digestOf(
  { service, gates }: LoadedRelease['release']['spec'],
  taskDefinition: string,
  imageDigest: string | undefined,
): string {
  const settings = service.settings as Readonly<Record<string, unknown>> | undefined
  return contentDigest({ taskDefinition, imageDigest, settings, gates: gates ?? [] })
}

/** What does not depend on how the version is named. */
export function common(
  state: Pick<EnvironmentState, 'environment'>,
  wanted: WantedCommit,
  { release }: LoadedRelease,
): Pick<
  DesiredRelease,
  | 'environment'
  | 'name'
  | 'spec'
  | 'commit'
  | 'revision'
  | 'who'
  | 'pushedBy'
  | 'container'
  | 'containerPort'
  | 'recorded'
> {
  const record = wanted.deployed.find((deployed) => deployed.release === release.metadata.name)
  const number = Number(/-(\d+)$/.exec(record?.rollout ?? '')?.[1] ?? 0)
  const served = record?.taskDefinition ?? release.spec.adopted?.taskDefinition
  return {
    environment: state.environment.metadata.name,
    name: release.metadata.name,
    spec: release.spec,
    commit: wanted.commit.id,
    revision: `${state.environment.spec.source.branch}@sha1:${wanted.commit.id}`,
    who: wanted.who,
    pushedBy: [...new Set([wanted.who, wanted.commit.author, wanted.commit.committer])],
    container: mainContainerName(release),
    containerPort: release.spec.traffic?.containerPort,
    recorded: served === undefined ? undefined : { taskDefinition: served, rollout: number },
  }
}
