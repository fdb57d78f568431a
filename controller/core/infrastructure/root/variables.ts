import { isRecord } from '../../../resources/problem.ts'
import { labelledBlocks } from './parsed.ts'
import type { LabelledBlock, ParsedModule } from './parsed.ts'

/** Names of the variables that a module declares: Steersman gives no other, because Terraform refuses one that is not declared. */
export function declaredVariables({ files }: ParsedModule): readonly string[] {
  return files
    .flatMap(({ blocks }) => (isRecord(blocks['variable']) ? Object.keys(blocks['variable']) : []))
    .toSorted()
}

/** Names of the variables that a module declares sensitive. */
export function sensitiveNames(module: ParsedModule): readonly string[] {
  return sensitiveVariables(module).flatMap(({ labels }) => labels)
}

/** What they are where nothing is given. */
export function sensitiveDefaults(module: ParsedModule): readonly unknown[] {
  return sensitiveVariables(module).map(({ body }) => body['default'])
}

function sensitiveVariables({ files }: ParsedModule): LabelledBlock[] {
  return files
    .flatMap(({ blocks }) => labelledBlocks(blocks['variable'], 1))
    .filter(({ body }) => body['sensitive'] === true)
}
