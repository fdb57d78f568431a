import { goesAfter, type Leaving } from '../../core/plan/removal-order.ts'
import { ENVIRONMENT_LABEL, RELEASE_LABEL } from '../../resources/metadata.ts'
import { findCondition } from '../../resources/conditions.ts'
import type { StoredObject } from '../../ports/store.ts'
import type { Desire, EnvironmentState } from '../engine.ts'
import { asRelease, environmentStatus } from '../objects.ts'
import { saveEnvironment } from '../report.ts'
import { removedDesire } from './releases.ts'
import { statusOf, type StatusSession } from './status.ts'
import { tellEnvironment } from './tell-environment.ts'

/** Whether somebody has deleted the Environment and wants its services taken down with it. */
export const isDraining = (state: Pick<EnvironmentState, 'environment'>, object: StoredObject): boolean =>
  object.metadata.deletionTimestamp !== undefined && state.environment.spec.deletionPolicy === 'Drain'

/**
 * Takes down what is left of a deleted Environment: git and Terraform are not asked any more, and each stored Release is wanted gone, in an order in which
 * none that another may still need goes first. All of it is read from the store, so a controller that comes later goes on where this one ended.
 */
export async function drainEnvironment(session: StatusSession): Promise<void> {
  const { engine, state, object } = session
  const environment = state.environment.metadata.name
  const { items } = await engine.ports.store.list('Release', { labels: { [ENVIRONMENT_LABEL]: environment } })
  const leaving = items.map(leavingOf)
  const desires = items.map((item): readonly [string, Desire] => {
    const name = nameOf(item)
    return [name, { ...removedDesire(state, name, item), prune: true, after: goesAfter(name, leaving) }]
  })
  state.desires = new Map(desires)
  state.infrastructure = undefined
  state.read = undefined
  state.mirrored.clear()
  const before = environmentStatus(object)
  const status = await statusOf(session, { kind: 'Draining', message: messageOf(items) })
  await saveEnvironment(engine.ports.store, object, status)
  tellEnvironment(session, before, status)
  for (const [release] of desires) engine.enqueuePatiently({ environment, release })
}

function leavingOf(object: StoredObject): Leaving {
  const { traffic, dependsOn = [] } = asRelease(object).spec
  return {
    name: nameOf(object),
    isServed: traffic !== undefined,
    dependsOn: dependsOn.map(({ name }) => name),
  }
}

/** So many releases are told of with what they wait for. */
const TOLD = 5

function messageOf(items: readonly StoredObject[]): string {
  if (items.length === 0) return 'the Environment is deleted, and nothing of it runs any more'
  const said = items.slice(0, TOLD).map((item) => {
    const ready = findCondition(asRelease(item).status.conditions ?? [], 'Ready')
    return `${nameOf(item)}: ${ready?.status === 'False' ? ready.message : 'not looked at yet'}`
  })
  const more = items.length > TOLD ? [`and ${items.length - TOLD} more`] : []
  return `the Environment is deleted: ${items.length} of its releases are taken down first; ${[...said, ...more].join('; ')}`
}

const nameOf = ({ metadata }: StoredObject): string => metadata.labels?.[RELEASE_LABEL] ?? ''
