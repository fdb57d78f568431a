import { load } from 'js-yaml'
import { isRecord, pointerSegments } from '../../../controller/resources/problem.ts'
import { badRequest, KubeFailure } from './failure.ts'

/** The object after a patch of that content type; throws 400 for a body of another form, 415 for a type that custom resources do not take. */
export function patched(before: unknown, body: string, contentType: string | undefined): unknown {
  switch (contentType?.split(';')[0]) {
    case 'application/merge-patch+json':
      return merged(before, objectOf(JSON.parse(body)))
    case 'application/apply-patch+yaml':
      return merged(before, objectOf(load(body)))
    case 'application/json-patch+json':
      return jsonPatched(before, JSON.parse(body))
    default:
      throw new KubeFailure(
        415,
        'UnsupportedMediaType',
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
      )
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  if (!isRecord(value)) throw badRequest('the patch is no object')
  return value
}

/** RFC 7396. */
function merged(before: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const result: Record<string, unknown> = isRecord(before) ? { ...before } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name]
    else result[name] = merged(result[name], value)
  }
  return result
}

interface Operation {
  readonly op: string
  readonly path: string
  readonly value?: unknown
}

/** RFC 6902, but for move and copy, which nobody here sends. */
function jsonPatched(before: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations))
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    )
  const result = structuredClone(before)
  for (const operation of operations as Operation[]) applyOne(result, operation)
  return result
}

function applyOne(root: unknown, { op, path, value }: Operation): void {
  const segments = pointerSegments(path)
  const last = segments.pop() ?? ''
  let parent = root
  for (const segment of segments) parent = Reflect.get(Object(parent) as object, segment)
  if (!isRecord(parent) && !Array.isArray(parent))
    throw new KubeFailure(422, 'Invalid', `the server rejected our request: ${path} does not exist`)
  const place = parent as Record<string, unknown>
  if (op === 'test') {
    if (JSON.stringify(place[last]) !== JSON.stringify(value))
      throw new KubeFailure(422, 'Invalid', `testing value ${path} failed`)
  } else if (op === 'remove') {
    if (Array.isArray(parent)) parent.splice(Number(last), 1)
    else delete place[last]
  } else if (Array.isArray(parent) && op === 'add') {
    parent.splice(last === '-' ? parent.length : Number(last), 0, value)
  } else place[last] = value
}
