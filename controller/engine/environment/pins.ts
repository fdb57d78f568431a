import { checkTaskDefinitionAllowed } from '../../core/policy.ts'
import type { DeployedRelease } from '../../core/revision.ts'
import { releaseObjectName, rolloutObjectName } from '../../resources/names.ts'
import type { DefaultedRelease } from '../../resources/types.ts'
import type { Desire, Engine, EnvironmentState } from '../engine.ts'
import { asRollout } from '../objects.ts'

export type PinAnswer =
  | { readonly kind: 'Version'; readonly taskDefinition: string; readonly imageDigest: string | undefined }
  | Extract<Desire, { kind: 'Stalled' }>

interface Pinned {
  readonly release: DefaultedRelease
  readonly deployed: readonly DeployedRelease[]
}

/** What a pin means: exactly what that rollout served, or the named revision; undefined without a pin. Its task definition must be allowed, too. */
export async function resolvePin(
  engine: Engine,
  state: EnvironmentState,
  pinned: Pinned,
): Promise<PinAnswer | undefined> {
  const { pin } = pinned.release.spec
  if (pin === null || pin === undefined) return undefined
  const version = await versionOf(engine, state, pinned)
  if (version.kind === 'Stalled') return version
  const { taskDefinition } = version
  const definition = await state.connections.platform.taskDefinition(taskDefinition)
  if (definition === undefined || definition.status !== 'ACTIVE') {
    return {
      kind: 'Stalled',
      reason: 'PinMissing',
      message: `task definition ${taskDefinition} does not exist, or is not active any more; pin another one`,
    }
  }
  const { allow, images } = state.environment.spec
  const family = releaseObjectName({
    environment: state.environment.metadata.name,
    release: pinned.release.metadata.name,
  })
  const [problem] = checkTaskDefinitionAllowed({
    document: { ...definition.document, family: definition.family },
    family,
    release: pinned.release,
    policy: { allow, images },
  })
  return problem === undefined
    ? version
    : {
        kind: 'Stalled',
        reason: 'PinNotAllowed',
        message: `the pinned task definition ${taskDefinition}: ${problem.message}`,
      }
}

async function versionOf(
  engine: Engine,
  state: EnvironmentState,
  { release, deployed }: Pinned,
): Promise<PinAnswer> {
  const { pin } = release.spec
  if (pin?.taskDefinition !== undefined)
    return { kind: 'Version', taskDefinition: pin.taskDefinition, imageDigest: undefined }
  const key = { environment: state.environment.metadata.name, release: release.metadata.name }
  const name = rolloutObjectName({ ...key, number: pin?.rollout ?? 0 })
  const stored = await engine.ports.store.get('Rollout', name)
  if (stored !== undefined) {
    const { spec, status } = asRollout(stored).state
    if (status.outcome !== 'Succeeded') {
      return {
        kind: 'Stalled',
        reason: 'PinNotVerified',
        message: `rollout ${name} ended as ${status.outcome ?? 'unfinished'}, so it never served; pin one that Succeeded`,
      }
    }
    return { kind: 'Version', taskDefinition: spec.taskDefinition, imageDigest: spec.image?.digest }
  }
  const record = deployed.find((candidate) => candidate.release === key.release && candidate.rollout === name)
  if (record?.taskDefinition !== undefined)
    return { kind: 'Version', taskDefinition: record.taskDefinition, imageDigest: record.image }
  return {
    kind: 'Stalled',
    reason: 'PinMissing',
    message: `rollout ${name} is not known; see steersman history ${key.environment}/${key.release}`,
  }
}
