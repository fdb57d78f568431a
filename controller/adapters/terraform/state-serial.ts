import { readFile } from 'node:fs/promises'
import { isRecord } from '../../resources/problem.ts'
import { PortError } from '../../ports/error.ts'
import type { Commands, TerraformLimits } from './commands.ts'

/** Number of the state's newest version; 0 where there is no state yet. The state holds secrets: it is read from a file of ours alone, and nothing else of it is kept. */
export async function readSerial(commands: Commands, { readMs }: TerraformLimits): Promise<number> {
  const { result } = await commands.succeed('state', { args: ['state', 'pull'], timeoutMs: readMs })
  const text = await readFile(result.outputFile, 'utf8')
  return text.trim() === '' ? 0 : serialOf(text)
}

function serialOf(text: string): number {
  try {
    const state: unknown = JSON.parse(text)
    if (isRecord(state) && typeof state['serial'] === 'number') return state['serial']
  } catch {
    // Said below, without a word of what stands there.
  }
  throw new PortError('terraform state pull printed no state', {
    code: 'TerraformUnsupported',
    handling: 'stall',
  })
}
