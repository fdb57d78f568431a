import { hasContentOf } from '../../../controller/core/adopt/same-content.ts'
import type { LoadedRelease } from '../../../controller/core/manifest.ts'
import { substituteRelease } from '../../../controller/core/manifest.ts'
import type { TaskDefinitionFacts } from '../../../controller/core/observation.ts'
import { checkTaskDefinitionAllowed } from '../../../controller/core/policy.ts'
import { TaskDefinitionError } from '../../../controller/core/task-definition.ts'
import type { Desire, DesiresRead } from '../../../controller/engine/engine.ts'
import { notAllowed, withRevision } from '../../../controller/engine/environment/adopted.ts'
import type { WantedCommit } from '../../../controller/engine/environment/desires.ts'
import { common, documented, pinned, policyIssues } from '../../../controller/engine/environment/desires.ts'
import type { ImageAnswer, Unresolved } from '../../../controller/engine/environment/images.ts'
import {
  imageAnswer,
  imageMissing,
  imageTagUnknown,
  noTag,
  rememberedDigest,
  resolvedImage,
  usesImageTag,
} from '../../../controller/engine/environment/images.ts'
import type { ExistingVersion } from '../../../controller/engine/environment/pins.ts'
import { recorded, rolledOut, withoutImages } from '../../../controller/engine/environment/pins.ts'
import type { HeldByScan, ScannedVersion } from '../../../controller/engine/environment/scans.ts'
import {
  heldBy,
  toBeScanned,
  unreadableScan,
  wasLetThrough,
  worstOf,
} from '../../../controller/engine/environment/scans.ts'
import { assertFolder } from '../../../controller/engine/environment/source-path.ts'
import { asRollout } from '../../../controller/engine/objects.ts'
import { RELEASE_LABEL } from '../../../controller/resources/metadata.ts'
import type { NamedImage } from '../../../controller/resources/images.ts'
import { imagesOf, mainImageOf } from '../../../controller/resources/images.ts'
import { releaseObjectName, rolloutObjectName } from '../../../controller/resources/names.ts'
import type { DefaultedRelease, ReleaseStatus, ResolvedImage } from '../../../controller/resources/types.ts'
import type { Core, CoreEnvironment } from './core.ts'
import { taskDefinition } from './core-execute.ts'
import { resolve, scan } from './core-registry.ts'
import type { Loaded } from './core-manifests.ts'
import { loadedManifests } from './core-manifests.ts'
import type { Steps } from './steps.ts'

type Stalled = Extract<Desire, { kind: 'Stalled' }>

interface Filled {
  readonly loaded: LoadedRelease
  readonly existing: ExistingVersion | Stalled | undefined
}

/** Turns the wanted commit into what each release shall be, as the engine does; what the files mean is remembered from run to run. */
export function* readDesires(core: Core, state: CoreEnvironment, wanted: WantedCommit): Steps<DesiresRead> {
  const { releases, issues } = loaded(core, state, wanted.commit.id)
  const filled = releases.map((release) => fillIn(core, state, wanted, release))
  const refused = filled.flatMap((one) => policyIssues(state, one.loaded))
  if (issues.length + refused.length > 0) return { kind: 'Refused', issues: [...issues, ...refused] }
  const desires = new Map<string, Desire>()
  for (const one of filled)
    desires.set(one.loaded.release.metadata.name, yield* desireOf(core, state, wanted, one))
  return { kind: 'Read', loaded: filled.map((one) => one.loaded), desires, infrastructure: undefined }
}

/** Trees whose meaning is kept. */
const MOST_TREES = 200
const known = new Map<string, Loaded>()

function loaded(core: Core, { environment }: CoreEnvironment, commit: string): Loaded {
  const { spec, metadata } = environment
  const { ignore } = spec
  const requiredGates = spec.requiredGates ?? []
  const key = `${core.git.tree(commit).id} ${metadata.name} ${spec.source.path} ${JSON.stringify([requiredGates, ignore ?? []])}`
  const before = known.get(key)
  if (before !== undefined) return before
  const files = core.git.files(commit, spec.source.path)
  const { path } = spec.source
  assertFolder(files, { path, commit })
  const fresh = loadedManifests({ files, path, environment: metadata.name, requiredGates, ignore })
  if (known.size >= MOST_TREES) known.clear()
  known.set(key, fresh)
  return fresh
}

function fillIn(core: Core, state: CoreEnvironment, wanted: WantedCommit, release: LoadedRelease): Filled {
  const { aws } = state.environment.spec
  const existing = existingVersion(core, state, wanted, release.release)
  const imageTag =
    existing?.kind === 'Version'
      ? existing.imageTag
      : tagOf(core, wanted.commit.id, mainImageOf(release.release)?.image)
  const values = {
    commit: wanted.commit.id,
    environment: state.environment.metadata.name,
    region: aws.region,
    account: aws.accountId ?? '',
    imageTag: imageTag ?? '',
  }
  const isUnknown = existing?.kind === 'Version' && imageTag === undefined && usesImageTag(release)
  return { loaded: substituteRelease(release, values), existing: isUnknown ? imageTagUnknown : existing }
}

function tagOf(core: Core, commit: string, image: NamedImage['image'] | undefined): string | undefined {
  if (image?.tagFromCommit === undefined) return image?.tag
  const { paths } = image.tagFromCommit
  return paths === undefined ? commit : core.git.newestTouching(commit, paths)
}

function* desireOf(
  core: Core,
  state: CoreEnvironment,
  wanted: WantedCommit,
  { loaded: release, existing }: Filled,
): Steps<Desire> {
  if (existing?.kind === 'Stalled') return existing
  const { name } = release.release.metadata
  const image =
    existing === undefined ? yield* resolveImages(core, state, wanted.commit.id, release.release) : undefined
  const scanned = yield* heldByScan(core, state, {
    release: release.release,
    image,
    existing,
    deployed: wanted.deployed,
  })
  if (scanned !== undefined) return scanned
  if (existing !== undefined) {
    const held = wanted.held?.some((deployed) => deployed.release === name) === true
    const refused = yield* refusalOf(core, state, release.release, existing)
    return refused ?? pinned(state, wanted, { loaded: release, pin: existing, why: held ? 'Tag' : 'Pin' })
  }
  if (image !== undefined && image.kind !== 'Found') return image
  try {
    const desire = remembered(state, wanted, { loaded: release, image })
    return yield* adoptedOr(core, state, release.release, desire)
  } catch (error) {
    if (!(error instanceof TaskDefinitionError)) throw error
    return stalled(error.code, error.message)
  }
}

/** The adopted revision, as long as it has the content that is wanted. */
function* adoptedOr(
  core: Core,
  state: CoreEnvironment,
  release: DefaultedRelease,
  desire: Desire,
): Steps<Desire> {
  const arn = release.spec.adopted?.taskDefinition
  if (desire.kind !== 'Ready' || desire.rendered === undefined || arn === undefined) return desire
  const revision = yield* taskDefinition(core, arn)
  if (revision?.status !== 'ACTIVE') return desire
  if (!hasContentOf(revision, { release: desire.release, rendered: desire.rendered })) return desire
  const problem = problemOf(state, release, revision)
  return problem === undefined ? withRevision(desire, arn) : notAllowed(arn, problem)
}

function* heldByScan(
  core: Core,
  { environment }: CoreEnvironment,
  version: ScannedVersion,
): Steps<HeldByScan | undefined> {
  const { requireScan } = environment.spec.images ?? {}
  if (requireScan === undefined) return undefined
  const asked = toBeScanned(version)
  if (asked.kind !== 'Scan') return asked.kind === 'Stalled' ? asked : undefined
  const { release, deployed } = version
  const { name } = release.metadata
  const rollouts = core.store.list('Rollout', RELEASE_LABEL, name).map((object) => asRollout(object).state)
  const stored = core.store.get(
    'Release',
    releaseObjectName({ environment: environment.metadata.name, release: name }),
  )
  const status = stored?.status as ReleaseStatus | undefined
  const held: HeldByScan[] = []
  for (const image of asked.images) {
    if (wasLetThrough({ release: name, digest: image.digest, rollouts, deployed })) continue
    try {
      const found = yield* scan(core, image.repository, image.digest)
      const { maxSeverity } = requireScan
      const one = heldBy({ release, image, scan: found, maxSeverity, status, now: core.clock.now() })
      if (one !== undefined) held.push(one)
    } catch (error) {
      held.push(unreadableScan(error))
    }
  }
  return worstOf(held)
}

type Found = Extract<ImageAnswer, { kind: 'Found' }>

/** Rendered contents that are kept: the same document with the same image is the same whoever committed it when. */
const MOST_CONTENTS = 1_000
const contents = new Map<string, ReturnType<typeof documented>>()

function remembered(
  state: CoreEnvironment,
  wanted: WantedCommit,
  version: { readonly loaded: LoadedRelease; readonly image: Found | undefined },
): Desire {
  const { release, taskDefinitionDocument } = version.loaded
  const { name } = state.environment.metadata
  const key = JSON.stringify([name, release, taskDefinitionDocument, version.image, wanted.why])
  const before = contents.get(key)
  if (before?.kind === 'Ready')
    return { ...before, release: { ...before.release, ...common(state, wanted, version.loaded) } }
  const fresh = documented(state, wanted, version)
  if (contents.size >= MOST_CONTENTS) contents.clear()
  contents.set(key, fresh)
  return fresh
}

function existingVersion(
  core: Core,
  { environment }: CoreEnvironment,
  { held, deployed }: WantedCommit,
  wantedRelease: DefaultedRelease,
): ExistingVersion | Stalled | undefined {
  const { metadata, spec } = wantedRelease
  const record = held?.find(({ release }) => release === metadata.name)
  if (record !== undefined) return recorded(record, wantedRelease)
  const { pin } = spec
  if (pin === null || pin === undefined) return undefined
  const key = { environment: environment.metadata.name, release: metadata.name }
  if (pin.taskDefinition !== undefined) {
    const rollouts = core.store
      .list('Rollout', RELEASE_LABEL, metadata.name)
      .map((object) => asRollout(object).state)
      .filter(({ spec: { taskDefinition: arn } }) => arn === pin.taskDefinition)
    return {
      kind: 'Version',
      taskDefinition: pin.taskDefinition,
      ...rolledOut(rollouts.at(-1)?.spec),
      wasVerified: rollouts.some(({ status }) => status.outcome === 'Succeeded'),
    }
  }
  const name = rolloutObjectName({ ...key, number: pin.rollout ?? 0 })
  const stored = core.store.get('Rollout', name)
  if (stored === undefined) {
    const named = deployed.find(({ release, rollout }) => release === metadata.name && rollout === name)
    return (
      (named === undefined ? undefined : recorded(named, wantedRelease)) ??
      stalled('PinMissing', `rollout ${name} is not known`)
    )
  }
  const { spec: before, status } = asRollout(stored).state
  if (status.outcome !== 'Succeeded') return stalled('PinNotVerified', `rollout ${name} never served`)
  return {
    kind: 'Version',
    taskDefinition: before.taskDefinition,
    ...rolledOut(before),
    wasVerified: true,
  }
}

function* refusalOf(
  core: Core,
  { environment }: CoreEnvironment,
  release: DefaultedRelease,
  { taskDefinition: arn }: ExistingVersion,
): Steps<Stalled | undefined> {
  const definition = yield* taskDefinition(core, arn)
  if (definition === undefined || definition.status !== 'ACTIVE')
    return stalled('PinMissing', `task definition ${arn} does not exist, or is not active any more`)
  const problem = problemOf({ environment }, release, definition)
  return problem === undefined ? undefined : stalled('PinNotAllowed', problem)
}

function problemOf(
  { environment }: Pick<CoreEnvironment, 'environment'>,
  release: DefaultedRelease,
  definition: TaskDefinitionFacts,
): string | undefined {
  const { allow, images } = environment.spec
  const family = releaseObjectName({ environment: environment.metadata.name, release: release.metadata.name })
  const [problem] = checkTaskDefinitionAllowed({
    document: { ...definition.document, family: definition.family },
    family,
    release: withoutImages(release),
    policy: { allow, images },
  })
  return problem?.message
}

function* resolveImages(
  core: Core,
  { environment }: CoreEnvironment,
  commit: string,
  release: DefaultedRelease,
): Steps<ImageAnswer | undefined> {
  const key = { environment: environment.metadata.name, release: release.metadata.name }
  const stored = core.store.get('Release', releaseObjectName(key))
  const status = stored?.status as ReleaseStatus | undefined
  const marks = stored?.metadata.annotations ?? {}
  const answers: (ResolvedImage | Unresolved)[] = []
  for (const one of imagesOf(release)) {
    const { repository, digest: given } = one.image
    const tag = given === undefined ? tagOf(core, commit, one.image) : undefined
    if (given !== undefined) answers.push(resolvedImage(one, undefined, given))
    else if (tag === undefined) answers.push(noTag(one))
    else {
      const name = `${repository}:${tag}`
      const found = rememberedDigest(marks, { commit, name }) ?? (yield* resolve(core, repository, tag))
      const now = core.clock.now()
      answers.push(
        found === undefined ? imageMissing(one, { tag, status, now }) : resolvedImage(one, tag, found),
      )
    }
  }
  return imageAnswer(answers)
}

const stalled = (reason: string, message: string): Stalled => ({ kind: 'Stalled', reason, message })
