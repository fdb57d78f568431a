import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createGitSource } from '../adapters/git/source.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { createRedactor } from '../adapters/telemetry/redactor.ts'
import { createTerraform } from '../adapters/terraform/terraform.ts'
import type { PlanRequest } from '../cli/context.ts'
import { planRoot } from '../engine/infrastructure/plan-root.ts'
import type { PlannedRoot } from '../engine/infrastructure/plan-root.ts'
import { PortError } from '../ports/error.ts'
import type { Source } from '../ports/source.ts'

const GIT_TIMEOUT_MS = 120_000

/**
 * Plans a root as the head of a branch has it, with the caller's own AWS credentials, and judges the plan as the controller would. Works on a
 * mirror and in directories of its own, which are removed. Throws PortErrors.
 */
export async function planBranch(
  request: PlanRequest,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<PlannedRoot> {
  const redactor = createRedactor()
  const directory = await mkdtemp(join(tmpdir(), 'steersman-plan-'))
  try {
    // Terraform's own user must be able to pass through to its directory; it can list nothing.
    await chmod(directory, 0o711)
    const source = createGitSource({
      repository: { url: resolve(request.repository), credentials: undefined },
      mirrorDir: join(directory, 'mirror'),
      clock: systemClock,
      timeoutMs: GIT_TIMEOUT_MS,
    })
    const terraform = createTerraform({
      binary: request.binary,
      directory: join(directory, 'terraform'),
      clock: systemClock,
      redact: (text) => redactor.text(text),
      outerEnvironment: { ...variables },
    })
    return await planRoot({
      ...request,
      name: request.workspace,
      source,
      terraform,
      commit: await headOf(source, request.branch),
      credentials: awsVariables(variables),
    })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function headOf(source: Source, branch: string): Promise<string> {
  const references = { branch, tagPrefix: 'deploy/' }
  const { head } = await source.references(references)
  if (head === undefined)
    throw new PortError(`the repository has no branch ${JSON.stringify(branch)}`, {
      code: 'SourceMissing',
      handling: 'wait',
      remedy: 'give the name of a branch, as --ref main',
    })
  await source.fetch(references)
  return head
}

/** As the AWS SDK's own variables say; files of profiles are not read. */
function awsVariables(
  variables: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      name.startsWith('AWS_') && value !== undefined ? [[name, value] as const] : [],
    ),
  )
}
