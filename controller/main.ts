#!/usr/bin/env -S node --max-semi-space-size=8
import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { createClient } from './api/client.ts'
import type { CommandContext, Starters, Terminal } from './cli/context.ts'
import { runProgram } from './cli/program.ts'

/** How long the process waits for what still hangs on after a command ended. */
const LEFTOVERS_MS = 2_000

/** Of one call of the API. */
const CALL_MS = 30_000

const variables = process.env
const terminal = terminalOf(process.stdout)
const signal = signalOfTermination()
const build = { version: versionOfPackage(), commit: variables['STEERSMAN_COMMIT'] ?? 'unknown' }

/** Adapters and servers are loaded by the verb that needs them, so that `--help` answers at once. */
const starters: Starters = {
  version: build.version,
  run: async (request) =>
    (await import('./compose/run.ts')).runUntil(signal, { ...request, variables, build }),
  demo: async (request) =>
    (await import('./compose/demo.ts')).startDemo(request, {
      ...build,
      variables,
      signal,
      print: (line) => (request.json ? terminal.error(`${line}\n`) : terminal.out(`${line}\n`)),
      printResult: (text) => terminal.out(`${text}\n`),
    }),
  sandbox: async (request) => (await import('./compose/sandbox.ts')).runSandbox(request, signal),
  readTree: async (path) => (await import('./compose/read-tree.ts')).readTree(path),
  readFile: async (path, limitBytes) =>
    (await import('./compose/read-tree.ts')).readOneFile(path, limitBytes),
  diffLive: async (request) => (await import('./compose/diff-live.ts')).diffLive(request, variables),
  planEnvironment: async (request) =>
    (await import('./compose/plan-environment.ts')).planEnvironment(request, variables),
  planRoot: async (request) => (await import('./compose/plan-root.ts')).planBranch(request, variables),
  commitPin: async (request) => (await import('./compose/commit-pin.ts')).commitPin(request, variables),
  adopt: async (request) => (await import('./compose/adopt.ts')).adoptService(request, variables),
  writeFiles: async (folder, files) => (await import('./compose/write-files.ts')).writeFiles(folder, files),
  customResourceDefinitions,
}

const context: CommandContext = {
  terminal,
  variables,
  starters,
  signal,
  now: () => Date.now(),
  client: (server) =>
    createClient({
      server: server ?? variables['STEERSMAN_SERVER'] ?? 'http://127.0.0.1:8080',
      token: variables['STEERSMAN_TOKEN'],
      timeoutMs: CALL_MS,
    }),
}

process.exitCode = await runProgram(process.argv.slice(2), context)
setTimeout(() => process.exit(), LEFTOVERS_MS).unref()

function terminalOf(stdout: NodeJS.WriteStream): Terminal {
  // Whoever reads may stop in the middle, as `head` does: that is no error.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  return {
    out: (text) => void stdout.write(text),
    error: (text) => void process.stderr.write(text),
    ...(process.stdin.isTTY ? { ask } : {}),
    isTerminal: stdout.isTTY,
    hasColor: stdout.isTTY && (variables['NO_COLOR'] ?? '') === '',
    columns: stdout.columns ?? 100,
  }
}

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises')
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await asking.question(question, { signal })
  } finally {
    asking.close()
  }
}

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

/** They lie beside the program, in a clone as in the image. */
async function customResourceDefinitions(): Promise<readonly string[]> {
  const folder = new URL('../crds/', import.meta.url)
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).toSorted()
  return Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')))
}
