import { isRecord } from '../../resources/problem.ts'
import type { PinPatch } from './pin-patch.ts'

/** Sets the pin of a JSON document, or with undefined takes it away; the indentation stays. */
export function editJson({
  text,
  pin,
}: {
  readonly text: string
  readonly pin: PinPatch | undefined
}): string {
  const document = JSON.parse(text) as Record<string, unknown>
  const spec = isRecord(document['spec']) ? document['spec'] : {}
  const { pin: before, ...rest } = spec
  if (JSON.stringify(before) === JSON.stringify(pin)) return text
  const changed = { ...document, spec: pin === undefined ? rest : { ...spec, pin } }
  const indentation = /^[ \t]+/m.exec(text)?.[0]
  const end = text.endsWith('\n') ? '\n' : ''
  return `${JSON.stringify(changed, undefined, indentation ?? (text.includes('\n') ? 2 : undefined))}${end}`
}
