import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { AwsLimits } from '../../../controller/adapters/aws/client/limits.ts'
import { createAws } from '../../../controller/adapters/aws/create-aws.ts'
import { createGateRunner } from '../../../controller/adapters/gates/runner.ts'
import { createGitSource, mirrorPath } from '../../../controller/adapters/git/source.ts'
import { createFileLeases } from '../../../controller/adapters/store/file-leases.ts'
import { createFileStore } from '../../../controller/adapters/store/file-store.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { systemFileSystem } from '../../../controller/adapters/system/file-system.ts'
import { systemRandom } from '../../../controller/adapters/system/random.ts'
import { processFacts } from '../../../controller/adapters/system/process.ts'
import type { SteersmanEvent } from '../../../controller/core/event.ts'
import type { Connect } from '../../../controller/engine/connections.ts'
import { Controller } from '../../../controller/engine/controller.ts'
import type { EngineSettings } from '../../../controller/engine/engine.ts'
import type { Clock } from '../../../controller/ports/clock.ts'
import type { Store } from '../../../controller/ports/store.ts'
import type { Terraform } from '../../../controller/ports/terraform.ts'
import type { Mortality } from './mortality.ts'

/** One life of a controller on a data directory. */
export interface Incarnation {
  readonly controller: Controller
  readonly store: Store
  readonly instance: string
}

export interface IncarnationOptions {
  readonly dataDir: string
  readonly sandboxUrl: string
  readonly accountId: string
  readonly settings: Partial<EngineSettings>
  readonly emit: (event: SteersmanEvent) => void
  /** Everything that reaches outside of the process goes through it, so that it can be cut off. */
  readonly mortality: Mortality
  readonly signingKeyFile: string | undefined
  /** Runs the environment's Terraform. */
  readonly terraform?: Terraform | undefined
  /** Whether it asks who has changed what drifts. */
  readonly trail?: boolean | undefined
  /** How fast it may ask AWS; left out, as AWS allows. */
  readonly limits?: AwsLimits
  /** The engine's; left out, the machine's own. */
  readonly clock?: Clock
  /** By which what AWS has answered grows old; left out, the machine's own. */
  readonly awsClock?: Clock
}

const SETTINGS: EngineSettings = {
  pollMs: 50,
  stalenessBoundMs: 60_000,
  callTimeoutMs: 1_000,
  rolloutsKept: 50,
  concurrency: 4,
  terraformConcurrency: 2,
  terraformMayShareUser: false,
}

/** Puts a controller together as main.ts does, from all the real adapters. */
export async function bearController(options: IncarnationOptions): Promise<Incarnation> {
  const { dataDir, settings, emit, mortality } = options
  const { clock = systemClock } = options
  const instance = randomUUID()
  const files = { fileSystem: systemFileSystem, clock }
  const holder = { ...(await processFacts(instance)) }
  const isAlive = async ({ instance: other }: { instance: string }): Promise<boolean> => other === instance
  const leases = createFileLeases({ ...files, directory: join(dataDir, 'leases'), holder, isAlive })
  const store = createFileStore({
    ...files,
    directory: join(dataDir, 'store'),
    uid: randomUUID,
    epochs: leases,
  })
  const ports = {
    clock,
    random: systemRandom,
    store: mortality.guard('store', store),
    leases: mortality.guard('leases', leases),
    telemetry: { emit: (event: SteersmanEvent) => void (mortality.isDead() || emit(event)) },
    connect: connectWith(options),
  }
  return { controller: new Controller({ ports, settings: { ...SETTINGS, ...settings } }), store, instance }
}

function connectWith({
  dataDir,
  sandboxUrl,
  accountId,
  settings,
  emit,
  mortality,
  signingKeyFile,
  limits,
  terraform,
  trail,
  awsClock = systemClock,
}: IncarnationOptions): Connect {
  const clock = systemClock
  return ({ metadata, spec }) => {
    const aws = createAws({
      region: spec.aws.region,
      accountId,
      environment: metadata.name,
      endpoint: sandboxUrl,
      clock: awsClock,
      random: systemRandom,
      telemetry: { emit },
      callTimeoutMs: settings.callTimeoutMs ?? SETTINGS.callTimeoutMs,
      ...(limits === undefined ? {} : { limits }),
      credentials: async () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
    })
    const { repository } = spec.source
    const source = createGitSource({
      repository: { url: repository, credentials: undefined },
      mirrorDir: mirrorPath(join(dataDir, 'git'), repository),
      clock,
      timeoutMs: 30_000,
    })
    return {
      source: mortality.guard('source', source),
      platform: mortality.guard('platform', aws.platform),
      traffic: mortality.guard('traffic', aws.traffic),
      schedules: mortality.guard('schedules', aws.schedules),
      codeDeploy: mortality.guard('codeDeploy', aws.codeDeploy),
      registry: mortality.guard('registry', aws.registry),
      ...(trail === true ? { trail: mortality.guard('trail', aws.trail) } : {}),
      events: spec.aws.events && mortality.guard('events', aws.events(spec.aws.events.queueUrl)),
      deepLooks: mortality.guard('deepLooks', aws.deepLooks),
      gates: mortality.guard(
        'gates',
        createGateRunner({
          listenersUrl: `${sandboxUrl}/_sandbox/listeners`,
          policy: { allowHosts: [], isListenerOfRelease: () => true },
          clock,
          metrics: aws.metrics,
          functions: aws.functions,
          scripts: { run: async () => ({ kind: 'NotStarted', why: 'there is no such file' }) },
          webhookSecret: () => undefined,
        }),
      ),
      infrastructure:
        terraform === undefined
          ? undefined
          : {
              terraform: mortality.guard('terraform', terraform),
              credentials: () => aws.variables(),
              inventory: mortality.guard('inventory', aws.inventory),
              closing: new AbortController().signal,
            },
      signingKeyFile,
      close: async () => aws.close(),
    }
  }
}
