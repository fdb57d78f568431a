import { actionsOutput } from '../../core/infrastructure/rule-actions.ts'
import type { DefaultedRelease } from '../../resources/types.ts'
import type { Desire, EnvironmentState } from '../engine.ts'
import { settingsOf } from '../infrastructure/want.ts'
import type { Ground } from './ground.ts'
import { notConfigured } from './ground.ts'

/**
 * The desire with what the release's rules shall do before they forward, as an output of Terraform says. Where the infrastructure is not ready the rules stay
 * as they are: a version that exists goes out without it.
 */
export function givenActions(
  state: Pick<EnvironmentState, 'environment'>,
  desire: Desire,
  { release, ground }: { readonly release: DefaultedRelease; readonly ground: Ground },
): Desire {
  const { actions } = release.spec.traffic ?? {}
  if (actions === undefined || desire.kind !== 'Ready') return desire
  if (settingsOf(state.environment) === undefined) return notConfigured('actions')
  if (ground.kind !== 'Ready') return desire
  const found = actionsOutput(ground.outputs, actions.terraform)
  if (found.kind === 'Stalled') return found
  return { ...desire, release: { ...desire.release, actions: found.actions } }
}
