import type { DefaultedEnvironment } from '../resources/generated/environment.ts'
import type { GateRunner } from '../ports/gate.ts'
import type { Platform } from '../ports/platform.ts'
import type { Registry } from '../ports/registry.ts'
import type { Source } from '../ports/source.ts'
import type { Traffic } from '../ports/traffic.ts'

/** The outside world as one environment reaches it: its repository, its account and region, its gates. */
export interface Connections {
  readonly source: Source
  readonly platform: Platform
  readonly traffic: Traffic
  readonly registry: Registry
  readonly gates: GateRunner
  /** Path of the key that signs Steersman's tags. */
  readonly signingKeyFile: string | undefined
  close(): Promise<void>
}

/** Made by main.ts, which alone knows the adapters. */
export type Connect = (environment: DefaultedEnvironment) => Connections
