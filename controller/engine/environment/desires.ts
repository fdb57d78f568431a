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
import type { RenderedTaskDefinition } from '../../core/task-definition.ts'
import { renderTaskDefinition, TaskDefinitionError } from '../../core/task-definition.ts'
import { releaseObjectName } from '../../resources/names.ts'
import type { CommitFacts } from '../../ports/source.ts'
import type { Engine, EnvironmentState } from '../engine.ts'
import type { Desire } from '../engine.ts'
import type { ImageAnswer } from './images.ts'
import { resolveImage, tagOf } from './images.ts'
import type { PinAnswer } from './pins.ts'
import { resolvePin } from './pins.ts'

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

export type DesiresRead =
  | { readonly kind: 'Refused'; readonly issues: readonly Issue[] }
  | {
      readonly kind: 'Read'
      readonly loaded: readonly LoadedRelease[]
      readonly desires: ReadonlyMap<string, Desire>
    }

/** Turns the wanted commit into what each release shall be, or into everything that is wrong with it. A commit is whole or nothing. */
export async function readDesires(
  engine: Engine,
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
  const { releases, issues } = loadManifests({
    files,
    path: spec.source.path,
    environment: metadata.name,
    requiredGates: spec.requiredGates ?? [],
  })
  const substituted = await Promise.all(releases.map((loaded) => fillIn(state, wanted, loaded)))
  const refused = substituted.flatMap((loaded) => policyIssues(state, loaded))
  if (issues.length + refused.length > 0) return { kind: 'Refused', issues: [...issues, ...refused] }
  const desires = new Map<string, Desire>()
  for (const loaded of substituted)
    desires.set(loaded.release.metadata.name, await desireOf(engine, state, wanted, loaded))
  return { kind: 'Read', loaded: substituted, desires }
}

async function fillIn(
  state: EnvironmentState,
  wanted: WantedCommit,
  loaded: LoadedRelease,
): Promise<LoadedRelease> {
  const { aws } = state.environment.spec
  return substituteRelease(loaded, {
    commit: wanted.commit.id,
    imageTag: (await tagOf(state.connections.source, wanted.commit.id, loaded.release.spec.image)) ?? '',
    environment: state.environment.metadata.name,
    region: aws.region,
    account: aws.accountId ?? '',
  })
}

function policyIssues(state: EnvironmentState, loaded: LoadedRelease): Issue[] {
  const { allow, images } = state.environment.spec
  const policy = { allow, images }
  const { release, taskDefinitionDocument: document } = loaded
  const family = releaseObjectName({
    environment: state.environment.metadata.name,
    release: release.metadata.name,
  })
  const own = checkReleaseAllowed({ release, policy }).map((problem) => releaseIssue(loaded, problem))
  const uses = document === undefined ? [] : checkTaskDefinitionAllowed({ document, family, release, policy })
  return [...own, ...uses.map((problem) => taskDefinitionIssue(loaded, problem))]
}

async function desireOf(
  engine: Engine,
  state: EnvironmentState,
  wanted: WantedCommit,
  loaded: LoadedRelease,
): Promise<Desire> {
  const { release } = loaded
  const record = wanted.held?.find((deployed) => deployed.release === release.metadata.name)
  const pin =
    record === undefined
      ? await resolvePin(engine, state, { release, deployed: wanted.deployed })
      : recordedVersion(record)
  if (pin?.kind === 'Stalled') return pin
  if (pin?.kind === 'Version')
    return pinned(state, wanted, { loaded, pin, why: record === undefined ? 'Pin' : 'Tag' })
  const image = await resolveImage(engine, state, { release, commit: wanted.commit.id })
  if (image !== undefined && image.kind !== 'Found') return image
  try {
    return documented(state, wanted, { loaded, image })
  } catch (error) {
    if (!(error instanceof TaskDefinitionError)) throw error
    return { kind: 'Stalled', reason: error.code, message: error.message }
  }
}

function recordedVersion(record: DeployedRelease): PinAnswer | undefined {
  if (record.taskDefinition === undefined) return undefined
  return { kind: 'Version', taskDefinition: record.taskDefinition, imageDigest: record.image }
}

function pinned(
  state: EnvironmentState,
  wanted: WantedCommit,
  version: {
    readonly loaded: LoadedRelease
    readonly pin: Extract<PinAnswer, { kind: 'Version' }>
    readonly why: 'Pin' | 'Tag'
  },
): Desire {
  const { loaded, pin, why } = version
  const { spec } = loaded.release
  const digest = contentDigest({
    taskDefinition: pin.taskDefinition,
    imageDigest: pin.imageDigest,
    settings: spec.service.settings as Readonly<Record<string, unknown>> | undefined,
    gates: spec.gates ?? [],
  })
  const release: DesiredRelease = {
    ...common(state, wanted, loaded),
    why,
    reason: why === 'Pin' ? spec.pin?.reason : 'the tag was moved by hand',
    image:
      spec.image === undefined || pin.imageDigest === undefined
        ? undefined
        : { repository: spec.image.repository, digest: pin.imageDigest },
    version: { taskDefinition: pin.taskDefinition, document: undefined },
    digest,
  }
  return { kind: 'Ready', release, rendered: undefined }
}

function documented(
  state: EnvironmentState,
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
    container: spec.image?.container,
    image: image?.image,
  })
  const digest = contentDigest({
    taskDefinition: rendered.digest,
    imageDigest: image?.image.digest,
    settings: spec.service.settings as Readonly<Record<string, unknown>> | undefined,
    gates: spec.gates ?? [],
  })
  const release: DesiredRelease = {
    ...common(state, wanted, loaded),
    why: wanted.why,
    reason: undefined,
    image: image?.image,
    version: { taskDefinition: undefined, document: { family: rendered.family, digest: rendered.digest } },
    digest,
  }
  return { kind: 'Ready', release, rendered }
}

/** What does not depend on how the version is named. */
function common(
  state: EnvironmentState,
  wanted: WantedCommit,
  { release }: LoadedRelease,
): Pick<
  DesiredRelease,
  'environment' | 'name' | 'spec' | 'commit' | 'revision' | 'who' | 'container' | 'containerPort' | 'recorded'
> {
  const record = wanted.deployed.find((deployed) => deployed.release === release.metadata.name)
  const number = Number(/-(\d+)$/.exec(record?.rollout ?? '')?.[1] ?? 0)
  return {
    environment: state.environment.metadata.name,
    name: release.metadata.name,
    spec: release.spec,
    commit: wanted.commit.id,
    revision: `${state.environment.spec.source.branch}@sha1:${wanted.commit.id}`,
    who: wanted.who,
    container: release.spec.image?.container,
    containerPort: release.spec.traffic?.containerPort,
    recorded:
      record?.taskDefinition === undefined
        ? undefined
        : { taskDefinition: record.taskDefinition, rollout: number },
  }
}
