import type { Request } from './request.ts'
import type { Terminal } from './terminal.ts'

/** Ctrl-C, by the convention of shells. */
const INTERRUPTED = 130

/** Does what is asked for and resolves to the exit code: 0 when every promise was kept, 1 when not, 130 after an interruption. */
export async function runRequest(request: Request, terminal: Terminal, stop: AbortSignal): Promise<number> {
  const isGood = await carryOut(request, terminal, stop)
  if (stop.aborted) return INTERRUPTED
  return isGood ? 0 : 1
}

/** What is not asked for is not loaded. */
async function carryOut(request: Request, terminal: Terminal, stop: AbortSignal): Promise<boolean> {
  switch (request.kind) {
    case 'Seeds':
      return (await import('./run-seeds.ts')).runSeeds(request, terminal, stop)
    case 'Determinism':
      return (await import('./determinism.ts')).checkDeterminism(request, terminal, stop)
    case 'Planted':
      return (await import('./planted.ts')).checkPlanted(request, terminal, stop)
    case 'Replay':
      return (await import('./replay/replay.ts')).replay(request, terminal)
    case 'Explore':
      return (await import('./explore.ts')).explore(request, terminal)
  }
}
