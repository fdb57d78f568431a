import type { Change } from './diff/change.ts'
import { pointerSegments } from './diff/change.ts'

/** Changes of what neither the release nor its environment leaves to others. */
export function withoutIgnored<Each extends Pick<Change, 'path'>>(
  changes: readonly Each[],
  ignore: readonly string[] | undefined,
): Each[] {
  return changes.filter(({ path }) => !isIgnored(path, ignore))
}

/** Whether the place, or something that it is a part of, is left to others. A pointer's `*` is any one name, and its `/service` is either side. */
export function isIgnored(path: string, ignore: readonly string[] | undefined): boolean {
  const segments = placeOf(path)
  return (ignore ?? []).some((pointer) =>
    placeOf(pointer).every((wanted, index) => {
      const segment = segments[index]
      return (
        segment !== undefined &&
        (wanted === '*' || wanted === segment || (index === 0 && isService(wanted, segment)))
      )
    }),
  )
}

const placeOf = (pointer: string): readonly string[] => pointerSegments(pointer)

const isService = (wanted: string, root: string): boolean => wanted === 'service' && root === 'idleService'

/** What a release leaves to others, with what its environment does; a count that is left to others is none of the release's. */
export function joinIgnored<Spec extends IgnoringSpec>(spec: Spec, ignore: readonly string[]): Spec {
  const joined = [...new Set([...(spec.ignore ?? []), ...ignore])]
  if (joined.length === 0) return spec
  if (!isIgnored('/service/desiredCount', joined)) return { ...spec, ignore: joined }
  const { desiredCount: _left, ...service } = spec.service
  return { ...spec, service, ignore: joined }
}

interface IgnoringSpec {
  readonly ignore?: string[]
  readonly service: { readonly desiredCount?: number }
}
