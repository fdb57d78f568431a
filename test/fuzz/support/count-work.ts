import { Session } from 'node:inspector'

let session: Session | undefined

/** How many blocks of JavaScript ran while something was done: a measure of work that no busy machine changes. Warm it up first: V8 counts a function from when it knows it. */
export function countWork(work: () => void): number {
  session ??= started()
  session.post('Profiler.takePreciseCoverage')
  work()
  let blocks = 0
  session.post('Profiler.takePreciseCoverage', (error, { result }) => {
    if (error !== null) throw error
    const counts = result.flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
    blocks = counts.reduce((sum, { count }) => sum + count, 0)
  })
  return blocks
}

function started(): Session {
  const opened = new Session()
  opened.connect()
  opened.post('Profiler.enable')
  opened.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  return opened
}
