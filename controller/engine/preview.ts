import { describeAction } from '../core/action.ts'
import type { DesiredRelease } from '../core/desired.ts'
import type { Change } from '../core/diff.ts'
import { diffRelease, redactChange } from '../core/diff.ts'
import { formatIssue } from '../core/manifest.ts'
import type { Part, Place, ReleaseObservation } from '../core/observation.ts'
import { seenAt } from '../core/observation.ts'
import { driftOf } from '../core/drift.ts'
import type { AttributedChange } from '../core/drifted-fields.ts'
import { attributed } from '../core/drifted-fields.ts'
import type { Freeze } from '../core/freeze.ts'
import { freezeAt } from '../core/freeze.ts'
import { ownEngineOf, placesOf } from '../core/places.ts'
import { livePlace } from '../core/plan/live.ts'
import { saidOrder } from '../core/plan/said-order.ts'
import { previewActions } from '../core/preview.ts'
import type { RenderedTaskDefinition } from '../core/task-definition.ts'
import { PortError } from '../ports/error.ts'
import type { Store } from '../ports/store.ts'
import type { ReleaseKey } from '../resources/names.ts'
import type { DesiresRead, EnginePorts, EngineSettings, EnvironmentState } from './engine.ts'
import { readDesires } from './environment/desires.ts'
import type { RevisionSeen } from './environment/revision.ts'
import { readRevision } from './environment/revision.ts'
import { environmentStatus, getRelease, rolloutsOf } from './objects.ts'
import { blankObservation, observe } from './observe.ts'
import { overriddenAt } from './permission.ts'
import type { Ties } from './relations.ts'
import { kinOf, relationsOf } from './relations.ts'
import { servedBy, subjectOfDesired } from './turn.ts'

/** What the controller would do for one release, by the very decisions it makes. */
export interface ReleasePreview {
  readonly environment: string
  readonly release: string
  /** Redacted: what may be shown. */
  readonly changes: readonly AttributedChange[]
  /** In order, each as one line. */
  readonly actions: readonly string[]
  /** What keeps the release from going on; undefined when nothing does. */
  readonly blocked: string | undefined
  /** Other releases that its actions wait for, or are taken together with, in words. */
  readonly order: readonly string[]
}

export interface Previewer {
  readonly ports: Pick<EnginePorts, 'store' | 'clock'>
  readonly settings: EngineSettings
}

/** A commit that is looked at, with what each of its releases shall be. */
export interface PreviewedCommit {
  readonly commit: string
  readonly read: Extract<DesiresRead, { kind: 'Read' }>
}

/** Reads what an environment wants: by its branch and tags, or of the head of another branch, as if that were merged. Throws PortErrors. */
export async function readPreviewed(
  previewer: Previewer,
  state: EnvironmentState,
  branch: string | undefined,
): Promise<PreviewedCommit> {
  const { store } = previewer.ports
  const environment = state.environment.metadata.name
  const seen = await readRevision(state, environmentStatus(await store.get('Environment', environment)))
  const wanted =
    branch === undefined
      ? wantedOf(environment, seen)
      : { commit: await headOf(state, branch), why: 'Commit' as const, held: undefined }
  const commit = await state.connections.source.commit(wanted.commit)
  const { why, held } = wanted
  const read = await readDesires(previewer, state, {
    commit,
    why,
    who: commit.author,
    deployed: seen.deployed,
    held,
  })
  if (read.kind === 'Read') return { commit: commit.id, read }
  throw new PortError(`the wanted commit is refused:\n${read.issues.map(formatIssue).join('\n')}`, {
    code: 'ManifestInvalid',
    handling: 'stall',
  })
}

function wantedOf(
  environment: string,
  { decision: { outcome }, held }: RevisionSeen,
): { readonly commit: string; readonly why: 'Tag' | 'Commit'; readonly held: RevisionSeen['held'] } {
  if (outcome.kind === 'Wanted' || outcome.kind === 'Held')
    return { commit: outcome.commit, why: outcome.kind === 'Held' ? 'Tag' : 'Commit', held }
  throw new PortError(`environment ${environment} wants nothing now: ${outcome.message}`, {
    code: outcome.reason,
    handling: 'stall',
  })
}

async function headOf({ environment, connections }: EnvironmentState, branch: string): Promise<string> {
  const asked = { branch, tagPrefix: `deploy/${environment.metadata.name}/` }
  const { head } = await connections.source.references(asked)
  if (head === undefined)
    throw new PortError(`the repository has no branch ${JSON.stringify(branch)}`, {
      code: 'SourceMissing',
      handling: 'wait',
      remedy: 'push it, or give the name of another branch as --ref',
    })
  await connections.source.fetch(asked)
  return head
}

/** Looks at AWS, and says what would follow for each release, or only for one; writes nothing, neither to AWS nor to the store nor to git. */
export async function previewReleases(
  previewer: Previewer,
  state: EnvironmentState,
  { read, only }: { readonly read: PreviewedCommit['read']; readonly only: string | undefined },
): Promise<readonly ReleasePreview[]> {
  const environment = state.environment.metadata.name
  const previews: ReleasePreview[] = []
  for (const [release, desire] of read.desires) {
    if (only !== undefined && only !== release) continue
    if (desire.kind === 'Ready') previews.push(await previewRelease(previewer, state, desire, tiesIn(read)))
    else
      previews.push({
        environment,
        release,
        changes: [],
        actions: [],
        blocked: desire.kind === 'Removed' ? 'removed' : desire.message,
        order: [],
      })
  }
  return previews
}

const tiesIn = ({ desires, loaded }: PreviewedCommit['read']): Ties => ({
  desires,
  releases: loaded.map(({ release }) => release),
})

/** Everything that a decision about the release may look at. */
const partsOf = (spec: DesiredRelease['spec']): readonly Part[] => [
  'services',
  'rules',
  ...placesOf(spec),
  ...(spec.schedules === undefined ? [] : (['schedules'] as const)),
  ...(ownEngineOf(spec) === 'Native' ? (['deployment'] as const) : []),
  ...(spec.codeDeploy === undefined ? [] : (['codeDeploy'] as const)),
]

async function previewRelease(
  { ports, settings }: Previewer,
  state: EnvironmentState,
  desire: { readonly release: DesiredRelease; readonly rendered: RenderedTaskDefinition | undefined },
  ties: Ties,
): Promise<ReleasePreview> {
  const { release } = desire
  const key = { environment: release.environment, release: release.name }
  const subject = subjectOfDesired(release)
  const stored = await getRelease(ports.store, key)
  const { active, last, lastSucceeded, all } = await rolloutsOf(ports.store, key)
  const observation = await observe(state.connections, subject, blankObservation, partsOf(release.spec))
  const status = stored?.status ?? {}
  const registered =
    release.version.document === undefined
      ? undefined
      : status.taskDefinitions?.[release.version.document.digest]
  const desired = {
    ...release,
    version: { ...release.version, taskDefinition: release.version.taskDefinition ?? registered },
  }
  const number =
    Math.max(all[0]?.state.spec.number ?? 0, status.lastRollout ?? 0, release.recorded?.rollout ?? 0) + 1
  const input = {
    desired,
    status,
    last: last?.state,
    lastSucceeded: lastSucceeded?.state,
    nextNumber: number,
    requests: { restart: undefined, retry: undefined },
    drift: state.environment.spec.drift,
    freeze: await freezeNow(ports, state),
    served: servedBy(all.map(({ state: rollout }) => rollout)),
    observation,
    now: ports.clock.now(),
    mayWrite: true,
    pollMs: settings.pollMs,
    stalenessBoundMs: settings.stalenessBoundMs,
  }
  const { actions, blocked } = previewActions(input, active?.state)
  const live = livePlace(input)
  const drift =
    input.last === undefined && release.recorded === undefined
      ? []
      : driftOf({ ...input, live, policy: input.drift })
  const wanted = await wantedChanges(state, { desired, rendered: desire.rendered, observation, live })
  return {
    ...key,
    changes: attributed(distinct([...wanted, ...drift]).map(redactChange), status.drift),
    actions: actions.map(describeAction),
    blocked,
    order: actions.length === 0 ? [] : await orderOf(ports.store, { ties, key, desired, active }),
  }
}

/** What the commit's order asks for first, by what is stored of the releases that it names. */
async function orderOf(
  store: Store,
  {
    ties,
    key,
    desired,
    active,
  }: {
    readonly ties: Ties
    readonly key: ReleaseKey
    readonly desired: DesiredRelease
    readonly active: Parameters<typeof kinOf>[3]
  },
): Promise<readonly string[]> {
  const kin = await kinOf(store, ties, key, active)
  return saidOrder({ desired, relations: relationsOf({ ties, kin }, key.release) })
}

async function freezeNow(
  { store, clock }: Previewer['ports'],
  { environment: { metadata, spec } }: EnvironmentState,
): Promise<Freeze | undefined> {
  const object = await store.get('Environment', metadata.name)
  return freezeAt(spec.freeze ?? [], { now: clock.now(), overriddenAt: overriddenAt(object) })
}

/** How the wanted version differs from what the live side serves. */
async function wantedChanges(
  state: EnvironmentState,
  seen: {
    readonly desired: DesiredRelease
    readonly rendered: RenderedTaskDefinition | undefined
    readonly observation: ReleaseObservation
    readonly live: Place
  },
): Promise<readonly Change[]> {
  const { desired, rendered, observation, live } = seen
  const { service } = seenAt(observation, live)
  const { settings, desiredCount } = desired.spec.service
  const described =
    service === null || rendered === undefined
      ? undefined
      : await state.connections.platform.taskDefinition(service.taskDefinition)
  return diffRelease(
    {
      service: {
        name: service?.name ?? '',
        desiredCount,
        settings: settings as Readonly<Record<string, unknown>> | undefined,
        taskDefinition: desired.version.taskDefinition,
      },
      ...(rendered === undefined ? {} : { taskDefinition: rendered.document }),
      ignore: desired.spec.ignore,
    },
    { service, ...(rendered === undefined ? {} : { taskDefinition: described?.document ?? null }) },
  )
}

const distinct = (changes: readonly Change[]): readonly Change[] => [
  ...new Map(changes.map((change) => [change.path, change])).values(),
]
