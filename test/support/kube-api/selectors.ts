import { badRequest } from './failure.ts'
import type { KubeObject } from './objects.ts'

/** Whether an object is chosen by `labelSelector` (a=b, a==b, a!=b, a, !a) and `fieldSelector` (metadata.name, metadata.namespace). */
export function selectorOf(query: URLSearchParams): (object: KubeObject) => boolean {
  const labels = split(query.get('labelSelector')).map(labelTest)
  const fields = split(query.get('fieldSelector')).map(fieldTest)
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

function fieldTest(text: string): (object: KubeObject) => boolean {
  const [, field, value] = /^(metadata\.name|metadata\.namespace)==?(.*)$/.exec(text) ?? []
  if (field === undefined) throw badRequest(`field label not supported: ${text}`)
  return ({ metadata }) => metadata[field.slice('metadata.'.length)] === value
}
