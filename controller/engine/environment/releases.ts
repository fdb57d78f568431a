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
  // What is being written is not known until it is.
  state.mirrored.clear()
  for (const loaded of read.loaded) {
    const { name } = loaded.release.metadata
    const desire = read.desires.get(name)
    const { metadata } = await mirror(
      engine,
      { environment, release: name },
      {
        spec: storedSpec(loaded, stored.get(name)),
        object: stored.get(name),
        marks: marksOf(desire, read.commit),
      },
    )
    state.mirrored.set(name, { uid: metadata.uid, generation: metadata.generation })
  }
  const removed = [...stored].filter(([name]) => !read.desires.has(name))
  const gone = await Promise.all(
    removed.map(async ([name, object]) => [name, await markRemoved(engine, state, name, object)] as const),
  )
  return new Map([...read.desires, ...gone])
}

/** Has the Releases made a mirror of git again: somebody else has changed or deleted one. */
export function mirrorAgain(engine: Engine, state: EnvironmentState): void {
  state.read = undefined
  engine.enqueueEnvironment(state.environment.metadata.name)
}

/**
 * Whether a stored Release is still what it was made; where watches fall silent, nobody tells that somebody has changed or deleted it. While git is to be read
 * anew anyway, all are made again then, and nobody has to ask for it, least of all each time that they are looked at while git is away.
 */
export function isAsMirrored(
  { mirrored, read }: Pick<EnvironmentState, 'mirrored' | 'read'>,
  release: string,
  object: StoredObject | undefined,
): boolean {
  const known = mirrored.get(release)
  if (known === undefined || read === undefined) return true
  return object?.metadata.uid === known.uid && object.metadata.generation <= known.generation
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
): Promise<StoredObject> {
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
    return store.create(fresh)
  }
  const marked = annotated(object, wanted.marks)
  if (isSame(object.spec, spec) && isSame(object.metadata.annotations ?? {}, marked)) return object
  return retryOnConflict(engine, object, (current) => ({
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
): Promise<StoredObject> {
  const { store } = engine.ports
  let current = object
  for (let attempt = 1; ; attempt++) {
    try {
      return await store.update(change(current))
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
