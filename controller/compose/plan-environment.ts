import type { PlanEnvironmentRequest, PlannedEnvironment } from '../cli/context.ts'
import { notConfigured, previewInfrastructure } from '../engine/infrastructure/preview.ts'
import { readPreviewed } from '../engine/preview.ts'
import { chosenEnvironments } from './chosen-environments.ts'
import { loadConfig } from './load-config.ts'
import { mayBePlanned, roleMissing, withPreviewing } from './previews.ts'

/** Plans an environment's root as the head of a branch has it, and judges the plan as the controller would. Writes nothing. Throws PortErrors. */
export async function planEnvironment(
  request: PlanEnvironmentRequest,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<PlannedEnvironment> {
  const { signal, onEvent } = request
  const config = await loadConfig(request.config, variables)
  const [environment] = chosenEnvironments(config, request)
  if (environment?.spec.terraform === undefined) throw notConfigured(request.environment)
  const branch = request.branch ?? environment.spec.source.branch
  if (!mayBePlanned(environment, branch)) return { result: 'Waits', message: roleMissing(branch) }
  return withPreviewing(config, variables, async ({ previewer, open }) => {
    const state = open(environment, branch)
    const { read } = await readPreviewed(previewer, state, branch)
    const want = read.infrastructure
    if (want === undefined) throw notConfigured(request.environment)
    return previewInfrastructure(previewer.ports.store, state, { want, always: true, signal, onEvent })
  })
}
