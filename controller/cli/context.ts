import type { ApiClient } from '../api/client.ts'
import type { SourceFile } from '../core/manifest.ts'

/** Where a command reads and writes. */
export interface Terminal {
  /** Standard output: the answer, and nothing else. */
  out(text: string): void
  /** Standard error. */
  error(text: string): void
  readonly isTerminal: boolean
  readonly hasColor: boolean
  readonly columns: number
}

export interface RunRequest {
  readonly config: string
  readonly listen: string | undefined
  readonly logLevel: string | undefined
}

/** What needs adapters, servers or the disk: handed in by main.ts, loaded only when it is called. Numbers are exit codes. */
export interface Starters {
  readonly version: string
  run(request: RunRequest, terminal: Terminal): Promise<number>
}

/** What every verb is given. */
export interface CommandContext {
  readonly terminal: Terminal
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly starters: Starters
  /** A client of the running controller. */
  client(server: string | undefined): ApiClient
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal
}

export type { SourceFile }
