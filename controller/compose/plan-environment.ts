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
  return withPreviewing(config, variables, async ({ previewer, open }) => {
    for (const environment of chosenEnvironments(config, request)) {
      const branch = request.branch ?? environment.spec.source.branch
      if (!mayBePlanned(environment, branch)) return { result: 'Waits', message: roleMissing(branch) }
      const state = open(environment, branch)
      const { read } = await readPreviewed(previewer, state, branch)
      if (read.infrastructure === undefined) break
      const want = read.infrastructure
      return previewInfrastructure(previewer.ports.store, state, { want, always: true, signal, onEvent })
    }
    throw notConfigured(request.environment)
  })
}
