import { spawn } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'

/** A process that runs, or is about to. */
export interface LaunchedProcess {
  /** The loopback port it was told to listen on; undefined until one was found. */
  readonly port: number | undefined
  /** SIGTERM, and SIGKILL when it still runs after `graceMs`. */
  stop(graceMs: number): void
}

/** Starts real processes; `onExit` is called once, with the exit code (null: killed or never started). */
export interface ProcessLauncher {
  launch(options: {
    command: string
    environment: Record<string, string>
    onExit: (code: number | null) => void
  }): LaunchedProcess
  /** Ends every process it started. */
  close(): void
}

const LARGEST_COUNT = 200

/** Starts each command in a shell of its own, with `PORT` in its environment and at most 200 of them at once. */
export function createProcessLauncher(): ProcessLauncher {
  const running = new Set<LaunchedProcess>()
  return {
    launch({ command, environment, onExit }) {
      if (running.size >= LARGEST_COUNT) {
        queueMicrotask(() => onExit(null))
        return { port: undefined, stop: () => undefined }
      }
      const launched = launchProcess(command, environment, (code) => {
        running.delete(launched)
        onExit(code)
      })
      running.add(launched)
      return launched
    },
    close() {
      for (const launched of running) launched.stop(0)
    },
  }
}

function launchProcess(
  command: string,
  environment: Record<string, string>,
  onExit: (code: number | null) => void,
): LaunchedProcess {
  let port: number | undefined
  let stopped = false
  let exited = false
  let kill: ((graceMs: number) => void) | undefined
  const end = (code: number | null): void => {
    if (exited) return
    exited = true
    onExit(code)
  }
  void freePort().then(
    (found) => {
      if (stopped) return end(null)
      port = found
      kill = spawnShell(command, { ...environment, PORT: String(found) }, end)
    },
    () => end(null),
  )
  return {
    get port() {
      return port
    },
    stop(graceMs) {
      stopped = true
      kill?.(graceMs)
    },
  }
}

/** Starts the shell as the leader of its own process group, so that stopping it ends its children too. */
function spawnShell(
  command: string,
  environment: Record<string, string>,
  end: (code: number | null) => void,
): (graceMs: number) => void {
  const child = spawn('/bin/sh', ['-c', command], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: 'ignore',
    detached: true,
  })
  let gone = false
  child.once('error', () => {
    gone = true
    end(null)
  })
  child.once('exit', (code) => {
    gone = true
    end(code)
  })
  const signal = (name: 'SIGTERM' | 'SIGKILL'): void => {
    if (gone || child.pid === undefined) return
    try {
      process.kill(-child.pid, name)
    } catch {
      gone = true // the group ended between the look and the signal
    }
  }
  return (graceMs) => {
    signal(graceMs > 0 ? 'SIGTERM' : 'SIGKILL')
    if (graceMs > 0) setTimeout(() => signal('SIGKILL'), graceMs).unref()
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
