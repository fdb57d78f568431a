import { createAws } from '../adapters/aws/create-aws.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { systemRandom } from '../adapters/system/random.ts'
import type { AdoptRequest, AdoptResult } from '../cli/context.ts'
import type { AdoptionRules } from '../core/adopt.ts'
import { adopt, planned } from '../engine/adopt/adopt.ts'
import { PortError } from '../ports/error.ts'
import type { DefaultedEnvironment } from '../resources/types.ts'
import { chosenEnvironments } from './chosen-environments.ts'
import { CALL_TIMEOUT_MS } from './connect.ts'
import { loadConfig } from './load-config.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Looks at a service, and makes the moves where that is asked for, with the caller's own AWS credentials: what Steersman's role may do does not suffice. */
export async function adoptService(request: AdoptRequest, variables: Variables): Promise<AdoptResult> {
  const environment = await environmentOf(request, variables)
  const name = environment?.metadata.name ?? named(request)
  const aws = createAws({
    region: request.region ?? environment?.spec.aws.region ?? regionOf(variables),
    ...(environment?.spec.aws.accountId === undefined ? {} : { accountId: environment.spec.aws.accountId }),
    environment: name,
    clock: systemClock,
    random: systemRandom,
    telemetry: { emit: () => undefined },
    callTimeoutMs: CALL_TIMEOUT_MS,
  })
  const { config: _config, region: _region, making, signal, ...wishes } = request
  const adopting = {
    connections: aws,
    clock: systemClock,
    wishes: { ...wishes, environment: name },
    rules: rulesOf(environment),
  }
  try {
    const adoption =
      making === undefined ? await planned(adopting) : await adopt(adopting, { ...making, signal })
    return { environment: name, branch: environment?.spec.source.branch, adoption }
  } finally {
    aws.close()
  }
}

async function environmentOf(
  { config, environment }: AdoptRequest,
  variables: Variables,
): Promise<DefaultedEnvironment | undefined> {
  if (config === undefined) return undefined
  const chosen = chosenEnvironments(await loadConfig(config, variables), { environment, config })
  if (chosen.length === 1) return chosen[0]
  throw new PortError(`${config} has ${chosen.length} environments`, {
    code: 'EnvironmentMissing',
    handling: 'stall',
    remedy: 'say with --environment which one gets the release',
  })
}

function named({ environment }: AdoptRequest): string {
  if (environment !== undefined) return environment
  throw new PortError('nobody says which environment gets the release', {
    code: 'EnvironmentMissing',
    handling: 'stall',
    remedy: 'give --environment NAME, and --config PATH where there is one',
  })
}

function regionOf({ AWS_REGION, AWS_DEFAULT_REGION }: Variables): string {
  const region = AWS_REGION ?? AWS_DEFAULT_REGION
  if (region !== undefined && region !== '') return region
  throw new PortError('no region is named', {
    code: 'RegionMissing',
    handling: 'stall',
    remedy: 'give --region, or set AWS_REGION',
  })
}

/** Without a config nothing is limited, and releases lie where the guide puts them. */
const rulesOf = (environment: DefaultedEnvironment | undefined): AdoptionRules => ({
  path: environment?.spec.source.path ?? 'deploy',
  policy: { allow: environment?.spec.allow, images: environment?.spec.images },
  requiredGates: environment?.spec.requiredGates ?? [],
})
