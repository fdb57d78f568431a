import type { DeployedRelease } from '../../../controller/core/revision.ts'
import { deployTagMessage } from '../../../controller/core/revision.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { Recorded } from '../../../controller/engine/environment/record.ts'
import { digestsOf } from '../../../controller/engine/environment/record.ts'
import type { RevisionSeen } from '../../../controller/engine/environment/revision.ts'
import { asRelease, isReady } from '../../../controller/engine/objects.ts'
import { currentTagOf, releaseObjectName } from '../../../controller/resources/names.ts'
import type { EnvironmentStatus, TagIntent } from '../../../controller/resources/types.ts'
import type { Session } from './core-session.ts'
import { keep } from './core-session.ts'
import type { Core, CoreEnvironment } from './core.ts'
import type { Steps } from './steps.ts'

/** Moves the tag to a commit whose releases were all verified and serve, as the engine does; nothing before. */
export function* recordDeployment(session: Session, seen: RevisionSeen, commit: string): Steps<Recorded> {
  const { core, state, status } = session
  if (isRecorded(state, seen, commit)) return { status, result: 'None' }
  const releases = servingReleases(core, state, commit)
  if (releases === undefined) return { status, result: 'None' }
  const intended = { ...status, intent: intentOf(session, seen, { commit, releases }) }
  yield* keep(session, intended)
  return yield* push(core, state, intended)
}

/** Pushes a stored intent, after a crash or for the first time. */
export function* push(core: Core, state: CoreEnvironment, status: EnvironmentStatus): Steps<Recorded> {
  const { intent, ...rest } = status
  if (intent === undefined) return { status, result: 'None' }
  core.lead.assertHeldFor(core.settings.callTimeoutMs)
  const { result } = yield* core.git.pushTags(intent.tags)
  if (result === 'Stale') return { status: rest, result }
  state.fetched = undefined
  const { commit, number } = intent
  const environment = state.environment.metadata.name
  const tag = currentTagOf({ environment, currentTag: state.environment.spec.currentTag })
  core.emit({ type: 'TagMoved', environment, tag, commit, number })
  return { status: { ...rest, deployed: { number, commit } }, result }
}

function isRecorded({ environment }: CoreEnvironment, seen: RevisionSeen, commit: string): boolean {
  if (seen.decision.deployed?.commit !== commit) return false
  if (environment.spec.trigger === 'Tag') return true
  return seen.current === undefined || seen.current.commit === commit
}

function servingReleases(
  core: Core,
  state: CoreEnvironment,
  commit: string,
): readonly DeployedRelease[] | undefined {
  const environment = state.environment.metadata.name
  const serving: DeployedRelease[] = []
  for (const [release, desire] of state.desires ?? []) {
    if (desire.kind === 'Removed') continue
    if (desire.kind !== 'Ready') return undefined
    const object = core.store.get('Release', releaseObjectName({ environment, release }))
    if (object === undefined) return undefined
    const { status } = asRelease(object)
    const { verified, live } = status
    if (!isReady(status) || verified?.commit !== commit || verified.digest !== desire.release.digest)
      return undefined
    const { image } = desire.release
    serving.push({
      release,
      rollout: verified.rollout,
      image: image?.digest,
      tag: image?.tag,
      sidecars: digestsOf(desire.release.sidecars),
      taskDefinition: live?.taskDefinition,
    })
  }
  return serving.length === 0 ? undefined : serving
}

function intentOf(
  { core, state }: Session,
  { decision, references }: RevisionSeen,
  { commit, releases }: { readonly commit: string; readonly releases: readonly DeployedRelease[] },
): TagIntent {
  const { spec, metadata } = state.environment
  const prefix = `deploy/${metadata.name}/`
  const number = decision.nextNumber
  const moved =
    spec.trigger === 'Tag'
      ? `${prefix}verified`
      : currentTagOf({ environment: metadata.name, currentTag: spec.currentTag })
  const message = deployTagMessage({ environment: metadata.name, number, commit, releases })
  const now = core.clock.wall()
  const prepared = core.git.prepareTags(
    [moved, `${prefix}${number}`].map((name) => ({ name, commit, message })),
    now,
  )
  const expectedOf = (name: string): string => references.tags.find((tag) => tag.name === name)?.object ?? ''
  return {
    commit,
    number,
    createdAt: timestamp(now),
    tags: prepared.map(({ name, object }) => ({ name, object, commit, expected: expectedOf(name) })),
  }
}
