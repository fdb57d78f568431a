import type { Request } from './request.ts'
import { replaceFigures } from './summary/report.ts'
import { currentCommit } from './commit.ts'
import type { Terminal } from './terminal.ts'

/** Something that goes everywhere instead of by chance, as `explore/all.ts` lists them. */
interface Explorer {
  readonly says: string
  run(options: {
    readonly onProgress: (done: number, total: number, what: string) => void
  }): Promise<{ readonly table: string; readonly runs: number; readonly violations: readonly object[] }>
}

type ExploreOnly = Extract<Request, { readonly kind: 'Explore' }>

/** Runs an explorer: not chance but every place that there is. Resolves to whether every promise was kept. */
export async function explore(request: ExploreOnly, terminal: Terminal): Promise<boolean> {
  const explorers = await load()
  const explorer = explorers.get(request.name)
  if (explorer === undefined)
    throw new Error(`there is no explorer ${request.name}; there are ${[...explorers.keys()].join(', ')}`)
  const { table, runs, violations } = await explorer.run({
    onProgress: (done, total, what) => terminal.error(`${done} of ${total}: ${what}\n`),
  })
  if (request.isJson) terminal.out(`${JSON.stringify({ runs, violations })}\n`)
  else terminal.out(`${table}\n\n${runs} runs, ${violations.length} violations\n`)
  if (request.report !== undefined)
    replaceFigures(request.report, `explore ${request.name}`, [
      `${runs} runs at commit \`${currentCommit()}\`, ${violations.length} violations.`,
      table,
    ])
  return runs > 0 && violations.length === 0
}

/** Loaded only when it is asked for, because it takes part in no other run. */
async function load(): Promise<ReadonlyMap<string, Explorer>> {
  const all = new URL('../explore/all.ts', import.meta.url).href
  const { explorers } = (await import(all)) as { readonly explorers: ReadonlyMap<string, Explorer> }
  return explorers
}
