import type { Explorer } from '../explore/all.ts'
import { explorers } from '../explore/all.ts'
import { currentCommit } from './commit.ts'
import { saveStory } from './replay/story-file.ts'
import type { Request } from './request.ts'
import { replaceFigures } from './summary/report.ts'
import type { Terminal } from './terminal.ts'

type ExploreOnly = Extract<Request, { readonly kind: 'Explore' }>
type Explored = Awaited<ReturnType<Explorer['run']>>

/** Where nobody watches, so many lines tell how far it is. */
const LINES = 50

/** Runs an explorer: not chance but every place that there is. Resolves to whether every promise was kept. */
export async function explore(request: ExploreOnly, terminal: Terminal): Promise<boolean> {
  const { name, isJson, report, workers } = request
  const explorer = explorers.get(name)
  if (explorer === undefined)
    throw new Error(`there is no explorer ${name}; there are ${[...explorers.keys()].join(', ')}`)
  const explored = await explorer.run({ workers, onProgress: tellWith(terminal) })
  const { table, runs, violations } = explored
  const broken = brokenText(explored, request)
  if (isJson) terminal.out(`${JSON.stringify({ runs, violations })}\n`)
  else terminal.out(`${table}\n\n${runs} runs, ${violations.length} violations\n${broken}`)
  const figures = `${runs} runs at commit \`${currentCommit()}\`, ${violations.length} violations.`
  if (report !== undefined) replaceFigures(report, `explore ${name}`, [figures, table])
  return runs > 0 && violations.length === 0
}

function tellWith(terminal: Terminal): (done: number, total: number, what: string) => void {
  let told = -Infinity
  return (done, total, what) => {
    const line = `${done} of ${total}: ${what}`
    if (terminal.isWatched) terminal.error(`\r${line}\u001B[K${done === total ? '\n' : ''}`)
    else if (done - told >= total / LINES || done === total) {
      told = done
      terminal.error(`${line}\n`)
    }
  }
}

/** Each violation, and the file that replays it where a directory for these was given. */
function brokenText({ violations }: Explored, { name, save }: ExploreOnly): string {
  return violations
    .map(({ promise, message, where, story }, index) => {
      const file =
        save === undefined || story === undefined ? undefined : saveStory(save, story, `${name}-${index + 1}`)
      const replay = file === undefined ? '' : `    npm run simulate -- --replay ${file}\n`
      return `  ${promise} broken, ${where}: ${message}\n${replay}`
    })
    .join('')
}
