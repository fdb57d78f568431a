import { isApplied } from '../../core/infrastructure/said.ts'
import { PortError } from '../../ports/error.ts'
import type { Store } from '../../ports/store.ts'
import type { TerraformEvent } from '../../ports/terraform.ts'
import type { EnvironmentState } from '../engine.ts'
import { refusalOf } from '../environment/ground.ts'
import { environmentStatus } from '../objects.ts'
import { judgedEnvironment } from './judged-environment.ts'
import type { PlannedRoot } from './plan-root.ts'
import { planRoot } from './plan-root.ts'
import { backendConfigOf, rootPolicyOf, settingsOf } from './want.ts'
import type { InfrastructureWant } from './wanted.ts'

/** What Terraform would do for a commit, by the very judgement that the controller makes. */
export type InfrastructurePreview =
  | PlannedRoot
  /** The commit gives Terraform what was applied before; it was not started. */
  | { readonly result: 'Unchanged' }
  /** Terraform would not be started. */
  | { readonly result: 'Waits'; readonly message: string }

/** Plans what the commit wants of the infrastructure; writes nothing and takes no lock. Throws PortErrors. */
export async function previewInfrastructure(
  store: Store,
  state: EnvironmentState,
  request: {
    readonly want: InfrastructureWant
    /** Also where the inputs are those of the last apply: what differs then was changed by somebody. */
    readonly always: boolean
    readonly signal: AbortSignal
    readonly onEvent?: ((event: TerraformEvent) => void) | undefined
  },
): Promise<InfrastructurePreview> {
  const { want, always, signal, onEvent } = request
  const name = state.environment.metadata.name
  const settings = settingsOf(state.environment)
  const { source, infrastructure } = state.connections
  if (settings === undefined || infrastructure === undefined) throw notConfigured(name)
  if (want.kind === 'Refused') return { result: 'RootRefused', issues: want.issues }
  if (want.kind !== 'Inputs') return { result: 'Waits', message: refusalOf(want)?.message ?? '' }
  const status = environmentStatus(await store.get('Environment', name)).infrastructure ?? {}
  if (!always && isApplied({ status, inputDigest: want.inputDigest })) return { result: 'Unchanged' }
  return planRoot({
    source,
    terraform: infrastructure.terraform,
    commit: want.commit,
    name,
    root: settings.path,
    workspace: settings.workspace,
    varFiles: settings.varFiles ?? [],
    backendConfig: backendConfigOf(settings),
    variables: want.variables,
    credentials: await infrastructure.credentials(),
    policy: rootPolicyOf(settings),
    environment: await judgedEnvironment(store, state, settings),
    apply: settings.apply,
    signal,
    onEvent,
  })
}

export const notConfigured = (environment: string): PortError =>
  new PortError(`environment ${environment} has no infrastructure of its own`, {
    code: 'TerraformNotConfigured',
    handling: 'stall',
    remedy: 'add spec.terraform to the Environment, or plan a root by itself with --ref and --root',
  })
