import { validateRelease } from '../../resources/validate.ts'
import type { InfrastructureStatus } from '../../resources/types.ts'
import type { LoadedRelease } from '../manifest.ts'
import { checkConsistency } from '../manifest/consistency.ts'
import { putValues } from '../manifest/output-references.ts'
import type { OutputAnswer } from './outputs.ts'
import { textOutput } from './outputs.ts'

export type NamesAnswer =
  { readonly kind: 'Named'; readonly loaded: LoadedRelease } | Extract<OutputAnswer, { kind: 'Stalled' }>

/** Puts the outputs' texts where a release refers to them. What they say has to be as good as if it stood in the manifest. */
export function nameByOutputs(
  loaded: LoadedRelease,
  outputs: InfrastructureStatus['outputs'],
  environment: string,
): NamesAnswer {
  const values: { path: string; value: string }[] = []
  for (const { path, output } of loaded.outputReferences) {
    const found = textOutput(outputs, output)
    if (found.kind === 'Stalled') return found
    values.push({ path, value: found.value })
  }
  const release = putValues(loaded.release, values)
  const checked = validateRelease(release)
  const [problem] = checked.ok
    ? checkConsistency({ release, environment, requiredGates: [] })
    : checked.problems
  if (problem === undefined) return { kind: 'Named', loaded: { ...loaded, release, outputReferences: [] } }
  const { output } = loaded.outputReferences.find(({ path }) => path === problem.path) ?? {}
  const whose = output === undefined ? 'names from Terraform outputs' : `the Terraform output ${output}`
  return {
    kind: 'Stalled',
    reason: 'OutputInvalid',
    message: `${whose}: ${problem.path}: ${problem.message}`,
  }
}
