import { isRecord } from '../../../resources/problem.ts'
import type { ParsedModule } from './parsed.ts'

/** Names of the variables that a module declares: Steersman gives no other, because Terraform refuses one that is not declared. */
export function declaredVariables({ files }: ParsedModule): readonly string[] {
  return files
    .flatMap(({ blocks }) => (isRecord(blocks['variable']) ? Object.keys(blocks['variable']) : []))
    .toSorted()
}
