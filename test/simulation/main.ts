// First: where a planted bug is asked for, it has to be there before the file that it is in.
await import('./planted/preload.ts')

const { readArguments } = await import('./command/program.ts')
const { runRequest } = await import('./command/run-request.ts')
const { processTerminal } = await import('./command/terminal.ts')

const request = readArguments(process.argv.slice(2), processTerminal)
process.exitCode = typeof request === 'number' ? request : await run(request)

async function run(asked: Parameters<typeof runRequest>[0]): Promise<number> {
  const stop = new AbortController()
  // Asked for a second time, it ends at once; so does what has no summary of what was done so far.
  const interrupt = (): void => {
    if (stop.signal.aborted || asked.kind === 'Replay' || asked.kind === 'Explore') process.exit(130)
    stop.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    return await runRequest(asked, processTerminal, stop.signal)
  } catch (error) {
    processTerminal.error(`error: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}
