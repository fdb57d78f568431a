import { Session, type Profiler } from 'node:inspector'
import { pathToFileURL } from 'node:url'
import { root } from '../checks/sources.ts'

/** Counts how often each block of the code that is watched ran, by V8's own precise coverage: nothing is instrumented. */
export interface Coverage {
  /** What ran since the last call: a point for each block and magnitude of its count. */
  take(): ReadonlySet<string>
  stop(): void
}

/** `folders` are paths from the repository's root; everything else of the process is left out. */
export function startCoverage(folders: readonly string[]): Coverage {
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  const prefixes = folders.map((folder) => pathToFileURL(`${root}/${folder}`).href)
  return {
    take() {
      const scripts = takeScripts(session)
      return new Set(
        scripts.filter(({ url }) => prefixes.some((prefix) => url.startsWith(prefix))).flatMap(pointsOf),
      )
    },
    stop() {
      session.post('Profiler.stopPreciseCoverage')
      session.disconnect()
    },
  }
}

/** The inspector of the own thread answers before `post` returns. */
function takeScripts(session: Session): readonly Profiler.ScriptCoverage[] {
  let scripts: readonly Profiler.ScriptCoverage[] | undefined
  session.post('Profiler.takePreciseCoverage', (error, taken) => {
    if (error !== null) throw error
    scripts = taken.result
  })
  if (scripts === undefined) throw new Error('V8 took no coverage')
  return scripts
}

function pointsOf({ scriptId, functions }: Profiler.ScriptCoverage): string[] {
  return functions.flatMap(({ ranges }) =>
    ranges
      .filter(({ count }) => count > 0)
      .map(
        ({ startOffset, endOffset, count }) => `${scriptId}:${startOffset}:${endOffset}:${magnitude(count)}`,
      ),
  )
}

/** 1, 2, 3, then powers of four: a loop that runs once more is no news, one that runs four times as often is. */
const magnitude = (count: number): number => (count < 4 ? count : 3 + Math.floor(Math.log2(count) / 2))
