import { createAws } from '../../../controller/adapters/aws/create-aws.ts'
import { standBy } from '../../../controller/compose/stand-by.ts'
import type { SteersmanEvent } from '../../../controller/core/event.ts'
import type { Connect } from '../../../controller/engine/connections.ts'
import { Controller } from '../../../controller/engine/controller.ts'
import type { EngineSettings } from '../../../controller/engine/engine.ts'
import type { Random } from '../../../controller/ports/random.ts'
import type { Store } from '../../../controller/ports/store.ts'
import type { DefaultedEnvironment } from '../../../controller/resources/types.ts'
import { ACCOUNT, REGION } from '../aws/shape.ts'
import { SimulatedSigner } from '../aws/signer.ts'
import { simulatedWire } from '../aws/wire.ts'
import { createMemorySource } from '../git/source.ts'
import { terraformOf } from '../terraform/port.ts'
import { gatesOf } from './gates.ts'
import { gatewayOf } from './git-gateway.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import type { Machine, Surroundings } from './machine.ts'
import { ACCESS_KEY_ID, SECRET } from './machine.ts'
import { openStore } from './stores.ts'

/** The real controller, put together as `steersman run` does it, in a simulated process. */
export interface Life {
  readonly controller: Controller
  readonly store: Store
  /** Begins to work or, where it may have to wait for the lease, to stand by; with these environments, unless it reads its own. */
  begin(environments: readonly DefaultedEnvironment[]): Promise<void>
  /** Whether it takes what people ask for. */
  readonly isReady: () => boolean
}

/** Timeout of one call, in milliseconds, as `steersman run` has it. */
export const CALL_TIMEOUT_MS = 5_000

/** As `steersman run` has them. */
export const SETTINGS: EngineSettings = {
  pollMs: 2_000,
  stalenessBoundMs: 60_000,
  callTimeoutMs: CALL_TIMEOUT_MS,
  rolloutsKept: 50,
  concurrency: 4,
  terraformConcurrency: 2,
  terraformMayShareUser: false,
}

const nothing = (): void => undefined
/** What a log says is in the events too. */
const SILENT = { error: nothing, warn: nothing, info: nothing, debug: nothing }

export function bear({
  surroundings,
  machine,
  process,
  name,
  emit,
  onFailed,
}: {
  readonly surroundings: Surroundings
  readonly machine: Machine
  readonly process: SimulatedProcess
  /** Tells this life from every other: `controller 1, life 2`. */
  readonly name: string
  readonly emit: (event: SteersmanEvent) => void
  /** It can't go on. */
  readonly onFailed: (reason: Error) => void
}): Life {
  const random = surroundings.randomness.stream(name)
  const { clock } = process
  const opened = openStore({ surroundings, machine, process, name, random })
  const { store, leases, leadership, load, environments } = opened
  const telemetry = {
    emit(event: SteersmanEvent): void {
      if (process.isDead) return
      opened.telemetry?.emit(event)
      emit(event)
    },
  }
  const connect = connectWith(surroundings, machine, { process, name, telemetry, random })
  const ports = { clock, random, store, leases, telemetry, connect }
  const settings = { ...SETTINGS, environmentsAreStored: environments !== undefined }
  const controller = new Controller({ ports, settings, leadership })
  if (environments === undefined)
    return {
      controller,
      store,
      isReady: () => controller.ready().ready,
      async begin(configured) {
        await controller.start()
        await load()
        await controller.setEnvironments(configured)
      },
    }
  let isReady = (): boolean => false
  return {
    controller,
    store,
    isReady: () => isReady(),
    async begin() {
      const config = { directory: '/' }
      const prepare = async (): Promise<void> => undefined
      const telling = { telemetry, log: SILENT }
      const closers = { add: () => undefined }
      const following = {
        config,
        controller,
        store,
        environments,
        prepare,
        telling,
        clock,
        closers,
        onFailed,
      }
      const started = standBy(following)
      isReady = () => started.ready().ready
    },
  }
}

function connectWith(
  { aws, time, remote, forge, randomness, terraform }: Surroundings,
  { mirror, living }: Machine,
  own: {
    readonly process: SimulatedProcess
    readonly name: string
    readonly telemetry: { emit(event: SteersmanEvent): void }
    readonly random: Random
  },
): Connect {
  const { process, name, telemetry, random } = own
  const { clock } = process
  const network = randomness.stream(`${name} network`)
  const isGone = (other: string): boolean => !living.has(other)
  const cli = terraform === undefined ? undefined : terraformOf(process, { name, world: terraform, isGone })
  return ({ metadata, spec }) => {
    const closing = new AbortController()
    const requestHandler = simulatedWire({
      world: aws.as(name),
      process,
      time,
      random: network,
      lateness: (operation) => aws.lateness(network, operation),
    })
    const {
      platform,
      traffic,
      schedules,
      codeDeploy,
      registry,
      deepLooks,
      inventory,
      metrics,
      functions,
      events,
      close,
    } = createAws({
      region: REGION,
      accountId: ACCOUNT,
      environment: metadata.name,
      endpoint: 'http://aws.simulation',
      clock,
      random,
      telemetry,
      callTimeoutMs: CALL_TIMEOUT_MS,
      requestHandler,
      signerConstructor: SimulatedSigner,
      credentials: async () => ({ accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET }),
    })
    return {
      source: createMemorySource({
        remote,
        mirror,
        gateway: gatewayOf(process, { forge, random: network }),
      }),
      platform,
      traffic,
      schedules,
      codeDeploy,
      registry,
      deepLooks,
      events: spec.aws.events && events(spec.aws.events.queueUrl),
      gates: gatesOf(process, { aws, random: network, metrics, functions }),
      infrastructure: cli && {
        terraform: cli,
        credentials: async () => ({}),
        inventory,
        closing: closing.signal,
      },
      signingKeyFile: undefined,
      async close() {
        closing.abort(new Error('the environment is closed'))
        close()
      },
    }
  }
}
