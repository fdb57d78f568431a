import type { InfrastructureStatus } from '../../resources/types.ts'

export type OutputAnswer =
  | { readonly kind: 'Value'; readonly value: string }
  | { readonly kind: 'Stalled'; readonly reason: string; readonly message: string }

const TASK_DEFINITION = /^arn:[^:]+:ecs:[^:]+:\d{12}:task-definition\/[\w-]+:\d+$/

/** The ARN of a task definition that an output of the root holds. */
export function taskDefinitionOutput(outputs: InfrastructureStatus['outputs'], name: string): OutputAnswer {
  const output = textOutput(outputs, name)
  if (output.kind === 'Stalled' || TASK_DEFINITION.test(output.value)) return output
  return {
    kind: 'Stalled',
    reason: 'OutputInvalid',
    message: `the Terraform output ${name} is no ARN of a task definition with its revision; give it the resource’s arn`,
  }
}

/** Longer outputs are not kept: status is read by everybody, all the time. In characters of JSON. */
const LONGEST_OUTPUT = 16 * 1024
const MOST_OUTPUTS = 500

/** The outputs that a status can hold. */
export function keptOutputs(outputs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const short = Object.entries(outputs).filter(
    ([, value]) => value !== undefined && JSON.stringify(value).length <= LONGEST_OUTPUT,
  )
  return Object.fromEntries(short.slice(0, MOST_OUTPUTS))
}

/** A text that an output of the root holds. Sensitive outputs are never read, so they count as missing. */
export function textOutput(outputs: InfrastructureStatus['outputs'], name: string): OutputAnswer {
  const value = outputOf(outputs, name)
  return typeof value === 'string'
    ? { kind: 'Value', value }
    : notThere(outputs, { name, value, wanted: 'text' })
}

/** The same for a list. */
export function listOutput(
  outputs: InfrastructureStatus['outputs'],
  name: string,
):
  | { readonly kind: 'Value'; readonly value: readonly unknown[] }
  | Extract<OutputAnswer, { kind: 'Stalled' }> {
  const value = outputOf(outputs, name)
  return Array.isArray(value) ? { kind: 'Value', value } : notThere(outputs, { name, value, wanted: 'list' })
}

const outputOf = (outputs: InfrastructureStatus['outputs'], name: string): unknown =>
  Object.hasOwn(outputs ?? {}, name) ? outputs?.[name] : undefined

function notThere(
  outputs: InfrastructureStatus['outputs'],
  { name, value, wanted }: { readonly name: string; readonly value: unknown; readonly wanted: string },
): Extract<OutputAnswer, { kind: 'Stalled' }> {
  const known = Object.keys(outputs ?? {}).toSorted()
  const others = known.length === 0 ? 'it has none that are not sensitive' : `it has ${known.join(', ')}`
  return {
    kind: 'Stalled',
    reason: value === undefined ? 'OutputMissing' : 'OutputInvalid',
    message:
      value === undefined
        ? `the Terraform root has no output ${name} that is neither sensitive nor longer than 16 KiB (${others}); add it, and push`
        : `the Terraform output ${name} is no ${wanted}`,
  }
}
