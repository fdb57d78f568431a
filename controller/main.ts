#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { createClient } from './api/client.ts'
import type { CommandContext, Starters, Terminal } from './cli/context.ts'
import { runProgram } from './cli/program.ts'

/** How long the process waits for what still hangs on after a command ended. */
const LEFTOVERS_MS = 2_000

const variables = process.env
const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  isTerminal: process.stdout.isTTY,
  hasColor: process.stdout.isTTY && (variables['NO_COLOR'] ?? '') === '',
  columns: process.stdout.columns ?? 100,
}
const signal = signalOfTermination()
const version = versionOfPackage()

/** Adapters and servers are loaded by the verb that needs them, so that `--help` answers at once. */
const starters: Starters = {
  version,
  async run(request) {
    const { runUntil } = await import('./compose/run.ts')
    const commit = variables['STEERSMAN_COMMIT'] ?? 'unknown'
    return runUntil(signal, { ...request, variables, build: { version, commit } })
  },
}

const context: CommandContext = {
  terminal,
  variables,
  starters,
  signal,
  client: (server) =>
    createClient({
      server: server ?? 'http://127.0.0.1:8080',
      token: variables['STEERSMAN_TOKEN'],
      timeoutMs: 30_000,
    }),
}

process.exitCode = await runProgram(process.argv.slice(2), context)
setTimeout(() => process.exit(), LEFTOVERS_MS).unref()

/** Aborted by the first SIGTERM or SIGINT; the second one ends the process as usual. */
function signalOfTermination(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.once(name, () => controller.abort(new Error(name)))
  return controller.signal
}

function versionOfPackage(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
