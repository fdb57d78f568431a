import { ENVIRONMENT_LABEL, RELEASE_LABEL } from '../../resources/metadata.ts'
import { releaseObjectName } from '../../resources/names.ts'
import { canonicalJson } from '../../core/canonical-json.ts'
import { timestamp } from '../../core/time.ts'
import { PortError } from '../../ports/error.ts'
import type { NewObject, StoredObject } from '../../ports/store.ts'
import type { Desire, Engine, EnvironmentState, WantedRelease } from '../engine.ts'
import { asRelease, labelsOf } from '../objects.ts'
import { annotations } from '../../resources/annotations.ts'
import { COMMIT_ANNOTATION, IMAGE_ANNOTATION } from './images.ts'

/** Makes the store's Releases a mirror of the wanted commit; resolves to the desires with those that the branch no longer has. */
export async function mirrorReleases(
  engine: Engine,
  state: EnvironmentState,
  read: {
    readonly loaded: readonly WantedRelease[]
    readonly desires: ReadonlyMap<string, Desire>
    readonly commit: string
  },
): Promise<ReadonlyMap<string, Desire>> {
  const environment = state.environment.metadata.name
  const { items } = await engine.ports.store.list('Release', { labels: { [ENVIRONMENT_LABEL]: environment } })
  const stored = new Map(items.map((object) => [object.metadata.labels?.[RELEASE_LABEL] ?? '', object]))
  for (const loaded of read.loaded) {
    const { release } = loaded
    const desire = read.desires.get(release.metadata.name)
    await mirror(
      engine,
      { environment, release: release.metadata.name },
      {
        spec: storedSpec(loaded, stored.get(release.metadata.name)),
        object: stored.get(release.metadata.name),
        marks: marksOf(desire, read.commit),
      },
    )
  }
  const removed = [...stored].filter(([name]) => !read.desires.has(name))
  const gone = await Promise.all(
    removed.map(async ([name, object]) => [name, await markRemoved(engine, state, name, object)] as const),
  )
  return new Map([...read.desires, ...gone])
}

/** Whether all names are known that Terraform's outputs shall hold. */
export const isNamed = ({ outputReferences }: Pick<WantedRelease, 'outputReferences'>): boolean =>
  outputReferences.length === 0

/** Until its names are known, a release stays as it was; a new one has no traffic yet. */
function storedSpec(loaded: WantedRelease, object: StoredObject | undefined): object {
  if (isNamed(loaded)) return withoutContent(loaded.release.spec)
  if (object !== undefined) return object.spec
  const { traffic: _traffic, ...spec } = loaded.release.spec
  return withoutContent(spec)
}

/** The content of a task definition is registered with ECS and stays out of the store: people put secrets into it. */
export function withoutContent(spec: WantedRelease['release']['spec']): object {
  const { inline, ...source } = spec.taskDefinition
  return inline === undefined ? spec : { ...spec, taskDefinition: { ...source, inline: {} } }
}

/** Annotations that say which commit a Release is of, and what its images were resolved to. */
export const marksOf = (desire: Desire | undefined, commit: string): Record<string, string> => {
  const { image, sidecars = [] } = desire?.kind === 'Ready' ? desire.release : {}
  const resolved = [...(image === undefined ? [] : [image]), ...sidecars].flatMap(
    ({ repository, tag, digest }) => (tag === undefined ? [] : [`${repository}:${tag}@${digest}`]),
  )
  return {
    [COMMIT_ANNOTATION]: commit,
    ...(resolved.length === 0 ? {} : { [IMAGE_ANNOTATION]: resolved.join(' ') }),
  }
}

async function mirror(
  engine: Engine,
  key: { readonly environment: string; readonly release: string },
  wanted: {
    readonly spec: object
    readonly object: StoredObject | undefined
    readonly marks: Record<string, string>
  },
): Promise<void> {
  const { store } = engine.ports
  const spec = wanted.spec as Readonly<Record<string, unknown>>
  const { object } = wanted
  if (object === undefined) {
    const fresh: NewObject = {
      kind: 'Release',
      metadata: { name: releaseObjectName(key), labels: labelsOf(key), annotations: wanted.marks },
      spec,
      status: { observedGeneration: -1 },
    }
    await store.create(fresh)
    return
  }
  const marked = annotated(object, wanted.marks)
  if (isSame(object.spec, spec) && isSame(object.metadata.annotations ?? {}, marked)) return
  await retryOnConflict(engine, object, (current) => ({
    ...current,
    spec,
    metadata: { ...current.metadata, annotations: annotated(current, wanted.marks) },
  }))
}

/** The object's own annotations, people's wishes among them as they are now, with the marks of the wanted commit. */
export function annotated(
  object: StoredObject,
  marks: Readonly<Record<string, string>>,
): Record<string, string> {
  const {
    [annotations.removed]: _removed,
    [IMAGE_ANNOTATION]: _image,
    ...kept
  } = object.metadata.annotations ?? {}
  return { ...kept, ...marks }
}

async function markRemoved(
  engine: Engine,
  state: EnvironmentState,
  name: string,
  object: StoredObject,
): Promise<Desire> {
  const { store, clock, telemetry } = engine.ports
  if (object.metadata.annotations?.[annotations.removed] === undefined) {
    await retryOnConflict(engine, object, (current) => ({
      ...current,
      metadata: {
        ...current.metadata,
        annotations: { ...current.metadata.annotations, [annotations.removed]: timestamp(clock.now()) },
      },
    }))
    telemetry.emit({ type: 'ReleaseRemoved', environment: state.environment.metadata.name, release: name })
  }
  const current = (await store.get('Release', object.metadata.name)) ?? object
  return removedDesire(state, name, current)
}

/** What is left to want of a release that is no longer in the branch. */
export function removedDesire(
  state: Pick<EnvironmentState, 'environment'>,
  name: string,
  object: StoredObject,
): Extract<Desire, { kind: 'Removed' }> {
  const { spec } = asRelease(object)
  const commit = object.metadata.annotations?.[COMMIT_ANNOTATION] ?? ''
  return {
    kind: 'Removed',
    prune: state.environment.spec.prune,
    release: {
      environment: state.environment.metadata.name,
      name,
      spec,
      commit,
      revision: `${state.environment.spec.source.branch}@sha1:${commit}`,
      who: 'steersman',
      why: 'Commit',
      reason: 'removed from the branch',
      image: undefined,
      container: undefined,
      containerPort: undefined,
      version: { taskDefinition: undefined, document: undefined },
      digest: 'removed',
      recorded: undefined,
    },
  }
}

/** Annotations are also written by people through the API, so an update may meet a newer object. */
async function retryOnConflict(
  engine: Engine,
  object: StoredObject,
  change: (current: StoredObject) => StoredObject,
): Promise<void> {
  const { store } = engine.ports
  let current = object
  for (let attempt = 1; ; attempt++) {
    try {
      await store.update(change(current))
      return
    } catch (error) {
      if (!(error instanceof PortError) || error.code !== 'Conflict' || attempt === 5) throw error
      const newer = await store.get(object.kind, object.metadata.name)
      if (newer === undefined) throw error
      current = newer
    }
  }
}

/** In whatever order the fields are: the Kubernetes API gives them in its own. */
const isSame = (one: unknown, other: unknown): boolean => canonicalJson(one) === canonicalJson(other)
