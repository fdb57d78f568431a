import type { DefaultedEnvironment } from '../resources/generated/environment.ts'
import type { CodeDeploy } from '../ports/code-deploy.ts'
import type { Events } from '../ports/events.ts'
import type { DeepLooks } from '../ports/deep-looks.ts'
import type { GateRunner } from '../ports/gate.ts'
import type { Inventory } from '../ports/inventory.ts'
import type { Platform } from '../ports/platform.ts'
import type { Registry } from '../ports/registry.ts'
import type { Schedules } from '../ports/schedules.ts'
import type { Source } from '../ports/source.ts'
import type { Terraform } from '../ports/terraform.ts'
import type { Traffic } from '../ports/traffic.ts'

/** The outside world as one environment reaches it: its repository, its account and region, its gates. */
export interface Connections {
  readonly source: Source
  readonly platform: Platform
  readonly traffic: Traffic
  readonly schedules: Schedules
  readonly codeDeploy: CodeDeploy
  readonly registry: Registry
  readonly gates: GateRunner
  readonly deepLooks: DeepLooks
  /** Undefined where the environment has no `spec.terraform`. */
  readonly infrastructure: Infrastructure | undefined
  /** Undefined where the environment has no `spec.aws.events`. */
  readonly events?: Events | undefined
  /** Path of the key that signs Steersman's tags. */
  readonly signingKeyFile: string | undefined
  close(): Promise<void>
}

/** Terraform as one environment uses it. */
export interface Infrastructure {
  readonly terraform: Terraform
  /** Short-lived, of the environment's own Terraform role: environment variables for providers and backend. Rejects with PortErrors of AWS. */
  credentials(): Promise<Readonly<Record<string, string>>>
  /** What the account and region hold. */
  readonly inventory: Inventory
  /** Aborted when the environment is closed. */
  readonly closing: AbortSignal
}

/** Made by main.ts, which alone knows the adapters. */
export type Connect = (environment: DefaultedEnvironment) => Connections
