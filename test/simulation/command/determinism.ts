import { playSeeds } from './crew/crew.ts'
import { Seeds } from './crew/seeds.ts'
import type { Request } from './request.ts'
import type { Terminal } from './terminal.ts'

type DeterminismOnly = Extract<Request, { readonly kind: 'Determinism' }>

/** Plays the seeds twice, in different processes, and resolves to whether each had the same trace hash both times. */
export async function checkDeterminism(
  request: DeterminismOnly,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<boolean> {
  const first = await hashesOf(request, stop)
  const second = await hashesOf(request, stop)
  const differing = [...first].filter(([seed, hash]) => second.get(seed) !== hash)
  const seeds = { seeds: first.size, differing: differing.map(([seed]) => seed) }
  if (request.isJson) terminal.out(`${JSON.stringify(seeds)}\n`)
  else {
    for (const [seed, hash] of differing)
      terminal.out(`seed ${seed}: ${hash}, and the second time ${second.get(seed) ?? 'nothing'}\n`)
    terminal.out(`${first.size} seeds played twice in different processes, ${differing.length} differ\n`)
  }
  return first.size > 0 && differing.length === 0
}

async function hashesOf(
  { job, from, seeds, workers }: DeterminismOnly,
  stop: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const hashes = new Map<number, string>()
  await playSeeds({
    job,
    seeds: new Seeds({ from, count: seeds }),
    workers: Math.min(workers, seeds ?? workers),
    stop,
    onPlayed: ({ seed, scenario, traceHash }) => hashes.set(seed, `${scenario} ${traceHash}`),
  })
  return hashes
}
