import type { SandboxRequest } from '../cli/context.ts'
import { PortError } from '../ports/error.ts'
import type { Sandbox } from '../sandbox/server.ts'
import { startSandbox } from '../sandbox/server.ts'

/** Runs the sandbox until the signal; resolves to the exit code. */
export async function runSandbox(request: SandboxRequest, signal: AbortSignal): Promise<number> {
  const sandbox = await start(request)
  request.onListening(sandbox.url)
  await new Promise<void>((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await sandbox.close()
  return 0
}

async function start({ port, stateFile, speed, strict }: SandboxRequest): Promise<Sandbox> {
  try {
    return await startSandbox({
      port,
      strict,
      ...(stateFile === undefined ? {} : { stateFile }),
      ...(speed === undefined ? {} : { speed }),
    })
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) throw cause
    throw new PortError(`port ${port} is taken`, {
      code: 'PortTaken',
      handling: 'stall',
      remedy: 'end what listens there, or give another --port (0 for any)',
      cause,
    })
  }
}
