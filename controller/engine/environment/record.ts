import type { DeployedRelease } from '../../core/revision.ts'
import { deployTagMessage } from '../../core/revision.ts'
import { timestamp } from '../../core/time.ts'
import { currentTagOf } from '../../resources/names.ts'
import type { EnvironmentStatus, ResolvedImage, TagIntent } from '../../resources/types.ts'
import type { NewTag } from '../../ports/source.ts'
import type { Engine, EnvironmentState } from '../engine.ts'
import type { StoredRelease } from '../objects.ts'
import { getRelease, isReady } from '../objects.ts'
import { deployedNow } from './object.ts'
import type { RevisionSeen } from './revision.ts'

/** How a push of the tags ended; `None` when there was nothing to push. */
export type Recorded = { readonly status: EnvironmentStatus; readonly result: 'None' | 'Pushed' | 'Stale' }

interface Recording {
  readonly seen: RevisionSeen
  readonly status: EnvironmentStatus
  readonly commit: string
  /** Stores the environment's status before the push, so that a crash in between leaves the same tag objects to be pushed. */
  readonly keep: (status: EnvironmentStatus) => Promise<void>
}

/** Moves the tag to a commit whose releases were all verified and serve; does nothing before. */
export async function recordDeployment(
  engine: Engine,
  state: EnvironmentState,
  recording: Recording,
): Promise<Recorded> {
  const { seen, status, commit } = recording
  if (seen.decision.outcome.kind !== 'Wanted' || isRecorded(state, recording))
    return { status, result: 'None' }
  const releases = await servingReleases(engine, state, commit)
  if (releases === undefined) return { status, result: 'None' }
  const intent = await prepare(engine, state, { ...recording, releases })
  const intended = { ...status, intent }
  await recording.keep(intended)
  return push(engine, state, intended)
}

/** Pushes a stored intent, after a crash or for the first time. */
export async function push(
  engine: Engine,
  state: EnvironmentState,
  status: EnvironmentStatus,
): Promise<Recorded> {
  const { intent, ...rest } = status
  if (intent === undefined) return { status, result: 'None' }
  const environment = state.environment.metadata.name
  engine.leads.of(environment).assertHeldFor(engine.settings.callTimeoutMs)
  const { result } = await state.connections.source.pushTags({ tags: intent.tags })
  if (result === 'Stale') return { status: rest, result }
  state.fetched = undefined
  const tag = currentTagOf({ environment, currentTag: state.environment.spec.currentTag })
  engine.ports.telemetry.emit({
    type: 'TagMoved',
    environment,
    tag,
    commit: intent.commit,
    number: intent.number,
  })
  return { status: deployedNow(rest, intent), result }
}

/** Whether git's newest record says so already, and the tag is where we put it. */
function isRecorded(state: EnvironmentState, { seen, commit }: Recording): boolean {
  const { deployed } = seen.decision
  if (deployed?.commit !== commit) return false
  if (state.environment.spec.trigger === 'Tag') return true
  return seen.current === undefined || seen.current.commit === commit
}

/** What each release serves, if all of them serve what the commit wants; undefined before. */
async function servingReleases(
  engine: Engine,
  state: EnvironmentState,
  commit: string,
): Promise<readonly DeployedRelease[] | undefined> {
  const environment = state.environment.metadata.name
  const serving: DeployedRelease[] = []
  for (const [release, desire] of state.desires ?? []) {
    if (desire.kind === 'Removed') continue
    if (desire.kind !== 'Ready') return undefined
    const stored = await getRelease(engine.ports.store, { environment, release })
    if (stored === undefined || !serves(stored, commit, desire.release.digest)) return undefined
    const { live, verified } = stored.status
    serving.push({
      release,
      rollout: verified?.rollout,
      image: desire.release.image?.digest,
      tag: desire.release.image?.tag,
      sidecars: digestsOf(desire.release.sidecars),
      taskDefinition: live?.taskDefinition,
    })
  }
  return serving.length === 0 ? undefined : serving
}

/** The digests of further images, by their containers, as a tag has them. */
export const digestsOf = (sidecars: readonly ResolvedImage[] = []): Readonly<Record<string, string>> =>
  Object.fromEntries(sidecars.map(({ container = '', digest }) => [container, digest]))

const serves = ({ status }: StoredRelease, commit: string, digest: string): boolean =>
  isReady(status) && status.verified?.commit === commit && status.verified.digest === digest

async function prepare(
  engine: Engine,
  state: EnvironmentState,
  recording: Recording & { readonly releases: readonly DeployedRelease[] },
): Promise<TagIntent> {
  const { spec, metadata } = state.environment
  const { seen, commit, releases } = recording
  const currentTag = currentTagOf({ environment: metadata.name, currentTag: spec.currentTag })
  const prefix = `deploy/${metadata.name}/`
  const number = seen.decision.nextNumber
  const moved = spec.trigger === 'Tag' ? `${prefix}verified` : currentTag
  const message = deployTagMessage({ environment: metadata.name, number, commit, releases })
  const tags: NewTag[] = [moved, `${prefix}${number}`].map((name) => ({ name, commit, message }))
  const now = engine.ports.clock.wall()
  const prepared = await state.connections.source.prepareTags({
    tags,
    at: now,
    signingKeyFile: state.connections.signingKeyFile,
  })
  const expectedOf = (name: string): string =>
    seen.references.tags.find((tag) => tag.name === name)?.object ?? ''
  return {
    commit,
    number,
    createdAt: timestamp(now),
    tags: prepared.map(({ name, object }) => ({ name, object, commit, expected: expectedOf(name) })),
  }
}
