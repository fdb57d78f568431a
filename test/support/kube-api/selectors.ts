import { isRecord } from '../../../controller/resources/problem.ts'
import { badRequest } from './failure.ts'
import type { KubeKind, KubeObject } from './model.ts'

/** Whether an object is chosen by `labelSelector` (a=b, a==b, a!=b, a, !a) and `fieldSelector` (metadata.name, metadata.namespace, and those of the kind). */
export function selectorOf(
  query: URLSearchParams,
  { fields: known = [] }: KubeKind,
): (object: KubeObject) => boolean {
  const labels = split(query.get('labelSelector')).map(labelTest)
  const fields = split(query.get('fieldSelector')).map((text) => fieldTest(text, known))
  return (object) => [...labels, ...fields].every((test) => test(object))
}

const split = (text: string | null): readonly string[] =>
  text === null || text === '' ? [] : text.split(',')

function labelTest(text: string): (object: KubeObject) => boolean {
  const [, key = '', operator = '', value = ''] = /^(!?[^!=]+)(==|=|!=)?(.*)$/.exec(text) ?? []
  const name = key.replace('!', '')
  return ({ metadata }) => {
    const found = (metadata['labels'] as Record<string, string> | undefined)?.[name]
    if (operator === '') return (found === undefined) === key.startsWith('!')
    return operator === '!=' ? found !== value : found === value
  }
}

function fieldTest(text: string, known: readonly string[]): (object: KubeObject) => boolean {
  const [, field = '', value] = /^([A-Za-z.]+)==?(.*)$/.exec(text) ?? []
  if (![...known, 'metadata.name', 'metadata.namespace'].includes(field))
    throw badRequest(`field label not supported: ${text}`)
  return (object) =>
    field.split('.').reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), object) ===
    value
}
