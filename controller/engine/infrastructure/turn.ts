import type { Freeze } from '../../core/freeze.ts'
import { freezeAt } from '../../core/freeze.ts'
import { infrastructureSaid } from '../../core/infrastructure/said.ts'
import { timestamp } from '../../core/time.ts'
import type {
  AppliedResource,
  DefaultedTerraformSettings,
  InfrastructureStatus,
} from '../../resources/types.ts'
import type { Infrastructure } from '../connections.ts'
import type { Engine, EnvironmentState } from '../engine.ts'
import { saveInfrastructure } from '../report.ts'
import type { InfrastructureWant } from './wanted.ts'

/** What people asked for and nobody acted on yet. */
export interface InfrastructureRequests {
  readonly approval: { readonly at: string; readonly plan: string; readonly by: string } | undefined
  readonly unlock: { readonly at: string; readonly id: string; readonly by: string } | undefined
  readonly again: boolean
}

/** One reconcile of one environment's infrastructure. */
export interface InfrastructureTurn {
  readonly engine: Engine
  readonly state: EnvironmentState
  /** When an admin set aside the windows that were open then, in milliseconds since the epoch. */
  readonly freezeOverriddenAt: number | undefined
  readonly environment: string
  readonly settings: DefaultedTerraformSettings
  readonly infrastructure: Infrastructure
  readonly want: Extract<InfrastructureWant, { kind: 'Inputs' }>
  readonly requests: InfrastructureRequests
  /** Of the lease under which it began. */
  readonly epoch: number | undefined
  /** Ends Terraform when the controller ends, or the environment is closed. */
  readonly signal: AbortSignal
  /** What Terraform said that it has done. */
  readonly done: AppliedResource[]
  status: InfrastructureStatus
}

/** A status in which members may be taken back by `undefined`. */
export type ChangedStatus = {
  readonly [Field in keyof InfrastructureStatus]: InfrastructureStatus[Field] | undefined
}

/** Stores what is known now, and what the conditions say of it. */
export async function keep(
  turn: InfrastructureTurn,
  infrastructure: (current: InfrastructureStatus) => ChangedStatus,
): Promise<void> {
  const { engine, environment, want } = turn
  const { store, clock } = engine.ports
  turn.status = await saveInfrastructure(store, environment, {
    infrastructure: (current) => withoutUndefined(infrastructure(current)),
    said: (status) => said(environment, status, want.inputDigest),
    at: timestamp(clock.now()),
  })
}

/** The conditions, as they are stored. */
export function said(
  environment: string,
  status: InfrastructureStatus,
  inputDigest: string | undefined,
  refusal?: { readonly reason: string; readonly message: string },
): readonly { type: string; status: 'True' | 'False'; reason: string; message: string }[] {
  return infrastructureSaid({ environment, status, inputDigest, refusal }).map(
    ({ type, is, reason, message }) => ({ type, status: is ? 'True' : 'False', reason, message }),
  )
}

function withoutUndefined(status: ChangedStatus): InfrastructureStatus {
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined))
}

/** The freeze of the environment at this moment, if there is one. */
export const freezeOf = ({ engine, state, freezeOverriddenAt }: InfrastructureTurn): Freeze | undefined =>
  freezeAt(state.environment.spec.freeze ?? [], {
    now: engine.ports.clock.wall(),
    overriddenAt: freezeOverriddenAt,
  })

export const nowText = ({ engine }: Pick<InfrastructureTurn, 'engine'>): string =>
  timestamp(engine.ports.clock.now())
