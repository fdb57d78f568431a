import type { TaskDefinitionFacts } from '../../core/observation.ts'
import { checkTaskDefinitionAllowed } from '../../core/policy.ts'
import type { RolloutState } from '../../core/rollout/state.ts'
import type { DeployedRelease } from '../../core/revision.ts'
import { releaseObjectName, rolloutObjectName } from '../../resources/names.ts'
import type { Problem } from '../../resources/problem.ts'
import type { DefaultedRelease, ResolvedImage } from '../../resources/types.ts'
import type { Desire, EnvironmentState, Reader } from '../engine.ts'
import { asRollout, rolloutsOf } from '../objects.ts'

/** A version that exists: nothing is built, registered or resolved for it. */
export interface ExistingVersion {
  readonly kind: 'Version'
  readonly taskDefinition: string
  readonly imageDigest: string | undefined
  /** What `${imageTag}` means for it; undefined where nobody remembers. */
  readonly imageTag: string | undefined
  /** Of the other containers that were given one, as far as they are known. */
  readonly sidecars?: readonly ResolvedImage[]
  /** Whether a rollout that succeeded, or a record in git, says that it was verified here. */
  readonly wasVerified: boolean
}

type Stalled = Extract<Desire, { kind: 'Stalled' }>

interface Pinned {
  readonly release: DefaultedRelease
  readonly deployed: readonly DeployedRelease[]
  /** With a hold: what the record says of each release. */
  readonly held: readonly DeployedRelease[] | undefined
}

/** The existing version that a release shall serve, by a person's hold or by its pin; undefined when it has neither. Asks the store and git's records alone. */
export async function existingVersion(
  engine: Reader,
  state: EnvironmentState,
  pinned: Pinned,
): Promise<ExistingVersion | Stalled | undefined> {
  const { name } = pinned.release.metadata
  const held = pinned.held?.find((deployed) => deployed.release === name)
  if (held !== undefined) return recorded(held, pinned.release)
  const { pin } = pinned.release.spec
  if (pin === null || pin === undefined) return undefined
  const key = { environment: state.environment.metadata.name, release: name }
  if (pin.taskDefinition !== undefined) {
    const { all } = await rolloutsOf(engine.ports.store, key)
    const known = all.filter((rollout) => rollout.state.spec.taskDefinition === pin.taskDefinition)
    return {
      kind: 'Version',
      taskDefinition: pin.taskDefinition,
      ...rolledOut(known[0]?.state.spec),
      wasVerified: known.some(({ state: { status } }) => status.outcome === 'Succeeded'),
    }
  }
  return versionOfRollout(engine, pinned, rolloutObjectName({ ...key, number: pin.rollout ?? 0 }))
}

async function versionOfRollout(
  engine: Reader,
  { release, deployed }: Pinned,
  name: string,
): Promise<ExistingVersion | Stalled> {
  const stored = await engine.ports.store.get('Rollout', name)
  if (stored === undefined) {
    const record = deployed.find(
      (candidate) => candidate.release === release.metadata.name && candidate.rollout === name,
    )
    return (
      (record === undefined ? undefined : recorded(record, release)) ??
      stalled('PinMissing', `rollout ${name} is not known; see steersman history for those that are`)
    )
  }
  const { spec, status } = asRollout(stored).state
  if (status.outcome !== 'Succeeded') {
    return stalled(
      'PinNotVerified',
      `rollout ${name} ended as ${status.outcome ?? 'unfinished'}, so it never served; pin one that Succeeded`,
    )
  }
  return {
    kind: 'Version',
    taskDefinition: spec.taskDefinition,
    ...rolledOut(spec),
    wasVerified: true,
  }
}

/** The images of a rollout. */
export const rolledOut = (
  spec: Pick<RolloutState['spec'], 'image' | 'sidecars'> | undefined,
): Pick<ExistingVersion, 'imageDigest' | 'imageTag' | 'sidecars'> => ({
  imageDigest: spec?.image?.digest,
  imageTag: spec?.image?.tag,
  sidecars: spec?.sidecars ?? [],
})

/** The version that a record in git names; the repositories of other containers' images are the release's own. */
export function recorded(record: DeployedRelease, release: DefaultedRelease): ExistingVersion | undefined {
  if (record.taskDefinition === undefined) return undefined
  return {
    kind: 'Version',
    taskDefinition: record.taskDefinition,
    imageDigest: record.image,
    imageTag: record.tag,
    sidecars: Object.entries(record.sidecars ?? {}).flatMap(([container, digest]) => {
      const { repository } = release.spec.images?.[container] ?? {}
      return repository === undefined ? [] : [{ container, repository, digest }]
    }),
    wasVerified: true,
  }
}

/** What forbids a version that exists: its task definition is gone, or names what the environment does not allow. */
export async function refusalOf(
  state: EnvironmentState,
  release: DefaultedRelease,
  { taskDefinition }: ExistingVersion,
): Promise<Stalled | undefined> {
  const definition = await state.connections.platform.taskDefinition(taskDefinition)
  if (definition === undefined || definition.status !== 'ACTIVE') {
    return stalled(
      'PinMissing',
      `task definition ${taskDefinition} does not exist, or is not active any more; pin another one`,
    )
  }
  const problem = problemOf(state, release, definition)
  return problem === undefined
    ? undefined
    : stalled('PinNotAllowed', `the task definition ${taskDefinition}: ${problem.message}`)
}

/** What the environment's policy forbids of a task definition that exists. */
export function problemOf(
  state: EnvironmentState,
  release: DefaultedRelease,
  definition: TaskDefinitionFacts,
): Problem | undefined {
  const { allow, images } = state.environment.spec
  const family = releaseObjectName({
    environment: state.environment.metadata.name,
    release: release.metadata.name,
  })
  const document = { ...definition.document, family: definition.family }
  return checkTaskDefinitionAllowed({
    document,
    family,
    release: withoutImages(release),
    policy: { allow, images },
  })[0]
}

/** A version that exists runs as it is: no image of the release takes the place of one that it names. */
export function withoutImages(release: DefaultedRelease): DefaultedRelease {
  const { image: _image, images: _images, ...spec } = release.spec
  return { ...release, spec }
}

const stalled = (reason: string, message: string): Stalled => ({ kind: 'Stalled', reason, message })
