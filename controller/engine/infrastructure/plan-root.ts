import { infrastructureDrift } from '../../core/infrastructure/drift.ts'
import type { InfrastructureDrift } from '../../core/infrastructure/drift.ts'
import { digestFiles, inputDigest } from '../../core/infrastructure/input-digest.ts'
import { judgePlan } from '../../core/infrastructure/judge.ts'
import type { JudgedEnvironment, Judgement } from '../../core/infrastructure/judge.ts'
import { permissionFor } from '../../core/infrastructure/permission.ts'
import type { ApplyPolicy, Permission } from '../../core/infrastructure/permission.ts'
import { declaredVariables } from '../../core/infrastructure/root.ts'
import { planId } from '../../core/infrastructure/plan-id.ts'
import type { RootIssue, RootPolicy } from '../../core/infrastructure/root.ts'
import type { Source } from '../../ports/source.ts'
import type {
  StateLock,
  Terraform,
  TerraformEvent,
  TerraformRequest,
  TerraformSession,
} from '../../ports/terraform.ts'
import { readRoot } from './read-root.ts'

export interface PlanRootRequest {
  readonly source: Pick<Source, 'files'>
  readonly terraform: Terraform
  readonly commit: string
  /** Whose root it is. */
  readonly name: string
  readonly root: string
  readonly workspace: string
  readonly varFiles: readonly string[]
  readonly backendConfig: Readonly<Record<string, unknown>>
  /** What Steersman has to give; the root gets what it declares. */
  readonly variables: Readonly<Record<string, unknown>>
  readonly credentials: Readonly<Record<string, string>>
  readonly policy: RootPolicy
  readonly environment: JudgedEnvironment
  readonly apply: ApplyPolicy
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: TerraformEvent) => void) | undefined
}

/** What a look at a root came to. Nothing was applied, and no lock was taken. */
export type PlannedRoot =
  /** The root's files hold what is not run; Terraform was not started. */
  | { readonly result: 'RootRefused'; readonly issues: readonly RootIssue[] }
  | { readonly result: 'StateLocked'; readonly lock: StateLock }
  | {
      readonly result: 'Planned'
      readonly commit: string
      readonly planDigest: string
      readonly inputDigest: string
      readonly judgement: Judgement
      /** What would follow by the environment's policy. */
      readonly permission: Permission
      readonly drift: readonly InfrastructureDrift[]
      readonly isolation: TerraformSession['isolation']
    }

/** Plans a root as a commit has it, and judges the plan. Writes nothing: no lock, no workspace. Throws PortErrors. */
export async function planRoot(request: PlanRootRequest): Promise<PlannedRoot> {
  const { source, terraform, commit, root, varFiles, policy } = request
  const read = await readRoot({ source, terraform, commit, root, varFiles, policy })
  const { files, modules, secrets, issues } = read
  if (issues.length > 0) return { result: 'RootRefused', issues }
  await terraform.version()
  const declared = new Set(modules.slice(0, 1).flatMap(declaredVariables))
  const variables = Object.fromEntries(
    Object.entries(request.variables).filter(([name]) => declared.has(name)),
  )
  const { workspace, backendConfig, credentials, signal, onEvent } = request
  const inputs = { root, files, varFiles, variables, backendConfig }
  const asked: TerraformRequest = {
    ...inputs,
    environment: request.name,
    workspace: { name: workspace, create: false },
    credentials,
    secrets,
    signal,
    onEvent,
  }
  const session = await terraform.open(asked)
  try {
    const planned = await session.plan({ isRefreshOnly: false, lockTimeoutMs: undefined })
    if (planned.result === 'StateLocked') return planned
    const judgement = judgePlan(planned.json, request.environment)
    const drift = infrastructureDrift(planned.json)
    return {
      result: 'Planned',
      commit,
      planDigest: planId(planned.json) ?? planned.digest,
      inputDigest: inputDigest({ ...inputs, files: digestFiles(files), workspace }),
      judgement,
      permission: permissionFor(judgement, request.apply),
      drift: 'problems' in drift ? [] : drift,
      isolation: session.isolation,
    }
  } finally {
    await session.close()
  }
}
