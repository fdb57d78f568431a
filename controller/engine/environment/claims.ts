import type { ClaimConflict } from '../../core/claims.ts'
import { findClaims } from '../../core/claims.ts'
import type { DefaultedRelease } from '../../resources/types.ts'
import { ENVIRONMENT_LABEL, RELEASE_LABEL } from '../../resources/metadata.ts'
import type { Desire, DesiresRead, Engine, EnvironmentState } from '../engine.ts'
import { isNamed } from './releases.ts'

/** Two releases that name the same rule, target group or service, in whichever environments, both stop there: nobody can say whose it is. */
export function applyClaims(
  engine: Engine,
  state: EnvironmentState,
  desires: ReadonlyMap<string, Desire>,
): ReadonlyMap<string, Desire> {
  const own = state.environment.metadata.name
  const conflicts = conflictsAmong(engine.environments)
  for (const other of new Set(conflicts.map(({ environment }) => environment)))
    if (other !== own && !isKnown(engine, other, conflicts)) engine.enqueueEnvironment(other)
  const mine = new Map(
    conflicts
      .filter(({ environment }) => environment === own)
      .map(({ release, problem }) => [release, problem.message]),
  )
  return new Map([...desires].map(([name, desire]) => [name, stalled(desire, mine.get(name))]))
}

type Environments = Engine['environments']

/** What was found last, by what it was found in: every look at every environment asks, and hardly ever has anything changed. */
const found = new WeakMap<
  Environments,
  { readonly among: readonly unknown[]; readonly conflicts: readonly ClaimConflict[] }
>()

function conflictsAmong(environments: Environments): readonly ClaimConflict[] {
  const states = [...environments.values()]
  const among = states.flatMap(({ environment, claimed }) => [environment, claimed])
  const before = found.get(environments)
  if (before?.among.length === among.length && before.among.every((one, index) => one === among[index]))
    return before.conflicts
  const claimants = states.flatMap(({ environment, claimed }) =>
    claimed.map((release) => ({
      environment: environment.metadata.name,
      release,
      region: environment.spec.aws.region,
      account: environment.spec.aws.accountId ?? environment.spec.aws.roleArn ?? '',
    })),
  )
  const conflicts = findClaims(claimants)
  found.set(environments, { among, conflicts })
  return conflicts
}

/** By the commit that was read: the same claims are the very same, so that nothing is worked out anew for them. */
const claimedIn = new WeakMap<DesiresRead, readonly DefaultedRelease[]>()

/** What an environment that is led here claims is what was read of its commit. */
export function noteOwnClaims(state: EnvironmentState, read: Extract<DesiresRead, { kind: 'Read' }>): void {
  const claimed = claimedIn.get(read) ?? read.loaded.filter(isNamed).map(({ release }) => release)
  claimedIn.set(read, claimed)
  state.claimed = claimed
}

/** Which Releases of the store claims were read from. */
const storedAs = new WeakMap<readonly DefaultedRelease[], string>()

/** What another controller leads is only known by what it has stored. */
export async function noteClaims({ environments, leads, ports }: Engine): Promise<void> {
  for (const [name, state] of environments) {
    if (leads.of(name).holds()) continue
    const { items } = await ports.store.list('Release', { labels: { [ENVIRONMENT_LABEL]: name } })
    const from = items.map(({ metadata }) => `${metadata.uid}/${metadata.generation}`).join()
    if (storedAs.get(state.claimed) === from) continue
    state.claimed = items.map(({ metadata, spec }) => ({
      apiVersion: 'steersman.dev/v1alpha1',
      kind: 'Release',
      metadata: { name: metadata.labels?.[RELEASE_LABEL] ?? metadata.name },
      spec: spec as unknown as DefaultedRelease['spec'],
    }))
    storedAs.set(state.claimed, from)
  }
}

const stalled = (desire: Desire, message: string | undefined): Desire =>
  message === undefined || desire.kind === 'Removed'
    ? desire
    : { kind: 'Stalled', reason: 'ClaimConflict', message }

/** Whether the other environment has stopped its releases already. */
function isKnown(engine: Engine, environment: string, conflicts: readonly ClaimConflict[]): boolean {
  const desires = engine.environments.get(environment)?.desires
  return conflicts
    .filter((conflict) => conflict.environment === environment)
    .every(({ release }) => desires?.get(release)?.kind === 'Stalled')
}
