import type { Command } from 'commander'
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
