import type { Command } from 'commander'
import type { ApiClient } from '../api/client.ts'
import type { CommandContext } from './context.ts'

/** One verb of the command line. */
export interface Verb {
  readonly name: string
  /** One line for the list of verbs. */
  readonly summary: string
  /** Command lines to copy. */
  readonly examples: readonly string[]
  /** Adds arguments, options and the action, which tells its exit code to `finish`. */
  define(command: Command, context: CommandContext, finish: (exitCode: number) => void): void
}

/** Options of a verb that asks a running controller. */
export interface RemoteOptions {
  readonly server?: string
  readonly output?: string
}

/** Adds `--server` and `-o`. */
export function remote(command: Command, formats = 'json'): Command {
  return command
    .option('--server <url>', 'address of the controller (STEERSMAN_SERVER; default http://127.0.0.1:8080)')
    .option('-o, --output <format>', formats)
}

/** The client for a verb's options. */
export function clientOf(context: CommandContext, { server }: RemoteOptions): ApiClient {
  return context.client(server)
}

/** Adds `--config`, for verbs that read the controller's own configuration. */
export function configured(command: Command): Command {
  return command.option('--config <path>', 'a config file or a directory of them (STEERSMAN_CONFIG)')
}
