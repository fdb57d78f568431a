import type { DeepFacts, DeepQuestion } from '../../core/deep-drift.ts'
import { deepQuestion, isDeepLookDue } from '../../core/deep-drift.ts'
import { plainObject } from '../../core/plain-object.ts'
import { tagIn, tagName } from '../../core/running-images.ts'
import type { Part, ReleaseObservation } from '../../core/observation.ts'
import { places, seenAt } from '../../core/observation.ts'
import { PortError } from '../../ports/error.ts'
import type { LiveTargetGroup } from '../../core/diff.ts'
import { blankObservation, observe } from '../observe.ts'
import { subjectOfDesired } from '../turn.ts'
import type { TaggedPlace } from '../../core/traffic-tags.ts'
import { trafficPlaces } from '../../core/traffic-tags.ts'
import type { DesiredRelease } from '../../core/desired.ts'
import { durationMs } from '../../resources/duration.ts'
import type { Engine, EnvironmentState } from '../engine.ts'
import { lookAround } from './unmanaged.ts'

/** Releases that are looked at together: calls that take many at once are filled, and what was seen is told soon. */
const TOGETHER = 10

/**
 * Looks deeply at the releases whose turn it is, and has each reconciled with what was seen. AWS's limits make it slow, so it is none of the environment's own
 * reconcile, which comes by again and again.
 */
export async function deepSweep(engine: Engine, environment: string): Promise<undefined> {
  const failed = new Map<string, unknown>()
  for (;;) {
    const state = engine.environments.get(environment)
    if (state === undefined || engine.stopping.aborted || !engine.leads.of(environment).holds()) return
    const due = dueIn(engine, state).filter(({ release }) => !failed.has(release))
    if (due.length === 0) break
    await Promise.all(
      due.slice(0, TOGETHER).map(async (one) => {
        try {
          await lookDeeply(engine, state, one)
          engine.enqueuePatiently({ environment, release: one.release })
        } catch (error) {
          failed.set(one.release, error)
        }
      }),
    )
  }
  const state = engine.environments.get(environment)
  if (state !== undefined && !engine.stopping.aborted) await lookAround(engine, state)
  // Those that could not be looked at keep nobody waiting, and stay due.
  for (const error of failed.values()) throw error
}

/** Makes releases due for a deep look now, whenever their turn would be: something says that they have changed, or somebody asks. What was seen counts until then. */
export function promote({ deep }: Pick<EnvironmentState, 'deep'>, releases: Iterable<string>): void {
  for (const release of releases) {
    const look = deep.get(release)
    if (look !== undefined) deep.set(release, { ...look, asked: '' })
  }
}

interface Due {
  readonly release: string
  readonly desired: DesiredRelease
  readonly question: DeepQuestion
}

function dueIn({ ports }: Engine, { desires, deep, environment }: EnvironmentState): readonly Due[] {
  const now = ports.clock.monotonic()
  const intervalMs = durationMs(environment.spec.sweep.deepInterval)
  return [...(desires ?? [])].flatMap(([release, desire]) => {
    if (desire.kind !== 'Ready') return []
    const question = deepQuestion(desire.release)
    if (question === undefined) return []
    const last = deep.get(release)
    const isDue = isDeepLookDue({ release, question, last, intervalMs, now })
    return isDue ? [{ release, desired: desire.release, question }] : []
  })
}

/** The time of a look is that before it: what changes meanwhile may be missed. */
async function lookDeeply({ ports }: Engine, state: EnvironmentState, due: Due): Promise<DeepFacts> {
  const { connections, deep } = state
  const { release, question } = due
  const monotonic = ports.clock.monotonic()
  const at = ports.clock.now()
  const { asked } = question
  const [targetGroups, digests, tagged, running, policies] = await Promise.all([
    targetGroupsOf(connections, question),
    digestsOf(connections, question),
    question.asksTags === true ? tagsOf(state, due) : [],
    question.asksRunning === true ? runningOf(state, due) : {},
    question.asksPolicies === true ? policiesOf(state, due) : {},
  ])
  const facts = { asked, at, targetGroups, digests, tagged, policies, ...running }
  deep.set(release, { asked, monotonic, facts })
  return facts
}

/** Rules are those that were seen last: looking for them anew would cost more calls than their tags. */
async function tagsOf(state: EnvironmentState, due: Due): Promise<readonly TaggedPlace[]> {
  const { connections } = state
  const { traffic } = due.desired.spec
  const seen = await lastSeenOf(state, due, 'rules')
  const tagged = trafficPlaces(traffic, {
    ...seen,
    targetGroups: [seen.sides.blue.targetGroup, seen.sides.green.targetGroup],
  })
  const found = await Promise.all(
    tagged.map(async (place) => ({ place, tags: await connections.deepLooks.tags(place.arn) })),
  )
  return found.flatMap(({ place, tags }) => (tags === null ? [] : [{ ...place, tags }]))
}

/** What was seen of a part last, or is seen now where nobody has looked. */
async function lastSeenOf(
  { connections, lastSeen }: EnvironmentState,
  { release, desired }: Due,
  part: Part,
): Promise<ReleaseObservation> {
  const known = lastSeen.get(release)
  if (known?.seen.includes(part) === true) return known
  return observe(connections, subjectOfDesired(desired), blankObservation, [part])
}

/** What the services run, and what the tags of that mean by now. A registry that can't be read says nothing: ECS may read what Steersman may not. */
async function runningOf(
  state: EnvironmentState,
  due: Due,
): Promise<Pick<DeepFacts, 'running' | 'meanings'>> {
  const { deepLooks } = state.connections
  const observation = await lastSeenOf(state, due, 'services')
  const revisions = places.flatMap((place) => seenAt(observation, place).service?.serviceRevision ?? [])
  const found = await Promise.all(revisions.map(async (arn) => [arn, await deepLooks.running(arn)] as const))
  const running = found.flatMap(([arn, images]) => (images === null ? [] : [[arn, images] as const]))
  const images = running.flatMap(([, each]) => each.flatMap(({ image }) => tagIn(image) ?? []))
  const tags = [...new Map(images.map((image) => [tagName(image), image]))]
  const meanings = tags.map(
    async ([name, image]) => [name, await unlessRefused(() => deepLooks.meaning(image))] as const,
  )
  return { running: plainObject(running), meanings: plainObject(await Promise.all(meanings)) }
}

/** Of the services that are there. */
async function policiesOf(state: EnvironmentState, due: Due): Promise<NonNullable<DeepFacts['policies']>> {
  const observation = await lastSeenOf(state, due, 'services')
  const services = places.flatMap((place) => seenAt(observation, place).service ?? [])
  const found = services.map(
    async ({ cluster, name }) =>
      [name, await state.connections.deepLooks.policies({ cluster, name })] as const,
  )
  return plainObject(await Promise.all(found))
}

async function unlessRefused<Answer>(read: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof PortError && error.handling === 'stall') return undefined
    throw error
  }
}

async function digestsOf(
  { deepLooks }: EnvironmentState['connections'],
  { tags }: DeepQuestion,
): Promise<DeepFacts['digests']> {
  const found = tags.map(async (image) => [tagName(image), await deepLooks.digest(image)] as const)
  return plainObject(await Promise.all(found))
}

async function targetGroupsOf(
  { traffic, deepLooks }: EnvironmentState['connections'],
  { targetGroups }: DeepQuestion,
): Promise<DeepFacts['targetGroups']> {
  if (targetGroups === undefined) return undefined
  const found = await traffic.targetGroups([targetGroups.blue, targetGroups.green])
  const [blue, green] = await Promise.all(
    found.map(async (group): Promise<LiveTargetGroup | null> => {
      if (group === null) return null
      const attributes = await deepLooks.attributes(group.arn)
      return attributes === null ? null : { arn: group.arn, name: group.name, attributes }
    }),
  )
  return { blue: blue ?? null, green: green ?? null }
}
