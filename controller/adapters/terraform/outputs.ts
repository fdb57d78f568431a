import { isRecord } from '../../resources/problem.ts'
import type { Commands, TerraformLimits } from './commands.ts'

/** The outputs of the state that are not sensitive, by name. One that does not say is sensitive. */
export async function readOutputs(
  commands: Commands,
  { readMs }: TerraformLimits,
): Promise<Readonly<Record<string, unknown>>> {
  const outputs = await commands.json('output', { args: ['output', '-json', '-no-color'], timeoutMs: readMs })
  if (!isRecord(outputs)) return {}
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, output]) =>
      isRecord(output) && output['sensitive'] === false ? [[name, output['value']] as const] : [],
    ),
  )
}
