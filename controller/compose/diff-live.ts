import type { DiffRequest, PlannedEnvironment, Preview } from '../cli/context.ts'
import type { EnvironmentState } from '../engine/engine.ts'
import { previewInfrastructure } from '../engine/infrastructure/preview.ts'
import type { InfrastructureWant } from '../engine/infrastructure/wanted.ts'
import type { Previewer } from '../engine/preview.ts'
import { previewReleases, readPreviewed } from '../engine/preview.ts'
import { PortError } from '../ports/error.ts'
import type { DefaultedEnvironment } from '../resources/types.ts'
import { chosenEnvironments } from './chosen-environments.ts'
import { loadConfig } from './load-config.ts'
import type { Previewing } from './previews.ts'
import { mayBePlanned, roleMissing, withPreviewing } from './previews.ts'

/** What the controller would do, by its own decision. Writes nothing. */
export async function diffLive(
  request: DiffRequest,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<readonly Preview[]> {
  const config = await loadConfig(request.config, variables)
  const environments = chosenEnvironments(config, request)
  return withPreviewing(config, variables, async (previewing) => {
    const previews: Preview[] = []
    for (const environment of environments)
      previews.push(...(await previewsOf(previewing, environment, request)))
    const isThere = previews.some((preview) => 'release' in preview)
    if (request.release !== undefined && !isThere) throw unknownRelease(request.release)
    return previews
  })
}

async function previewsOf(
  { previewer, open }: Previewing,
  environment: DefaultedEnvironment,
  request: DiffRequest,
): Promise<readonly Preview[]> {
  const { branch, release } = request
  const state = open(environment, branch)
  const { read } = await readPreviewed(previewer, state, branch)
  const releases = await previewReleases(previewer, state, { read, only: release })
  const want = read.infrastructure
  if (!request.plans || want === undefined) return releases
  const infrastructure = mayBePlanned(environment, branch)
    ? await planned(previewer, state, { want, signal: request.signal })
    : ({ result: 'Waits', message: roleMissing(String(branch)) } as const)
  return [{ environment: environment.metadata.name, infrastructure }, ...releases]
}

/** The releases are worth being told where Terraform can't be asked. */
async function planned(
  { ports }: Previewer,
  state: EnvironmentState,
  { want, signal }: { readonly want: InfrastructureWant; readonly signal: AbortSignal },
): Promise<PlannedEnvironment> {
  try {
    return await previewInfrastructure(ports.store, state, { want, always: false, signal })
  } catch (error) {
    if (!(error instanceof PortError) || error.code === 'TerraformAborted') throw error
    const { message, remedy } = error
    return { result: 'Waits', message: remedy === undefined ? message : `${message}; ${remedy}` }
  }
}

const unknownRelease = (release: string): PortError =>
  new PortError(`the wanted commit has no release ${JSON.stringify(release)}`, {
    code: 'ReleaseMissing',
    handling: 'stall',
    remedy: 'correct the name; `steersman diff ENVIRONMENT` shows all of an environment',
  })
