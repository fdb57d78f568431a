import { checkDeterminism } from './determinism.ts'
import { explore } from './explore.ts'
import { checkPlanted } from './planted.ts'
import { replay } from './replay/replay.ts'
import type { Request } from './request.ts'
import { runSeeds } from './run-seeds.ts'
import type { Terminal } from './terminal.ts'

/** Ctrl-C, by the convention of shells. */
const INTERRUPTED = 130

/** Does what is asked for and resolves to the exit code: 0 when every promise was kept, 1 when not, 130 after an interruption. */
export async function runRequest(request: Request, terminal: Terminal, stop: AbortSignal): Promise<number> {
  const isGood = await carryOut(request, terminal, stop)
  if (stop.aborted) return INTERRUPTED
  return isGood ? 0 : 1
}

async function carryOut(request: Request, terminal: Terminal, stop: AbortSignal): Promise<boolean> {
  switch (request.kind) {
    case 'Seeds':
      return runSeeds(request, terminal, stop)
    case 'Determinism':
      return checkDeterminism(request, terminal, stop)
    case 'Planted':
      return checkPlanted(request, terminal, stop)
    case 'Replay':
      return replay(request, terminal)
    case 'Explore':
      return explore(request, terminal)
  }
}
