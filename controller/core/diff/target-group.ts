import { targetGroupAttributesShape, targetGroupShape } from '../defaults.ts'
import type { LiveTargetGroup, WantedTargetGroup } from './wanted.ts'
import type { Change } from './change.ts'
import { changeAt } from './change.ts'
import { compare } from './compare.ts'

const terraforms = { owner: 'Terraform', class: 'infrastructure' } as const

/** A target group, by name, against what is wanted of it. */
export function diffTargetGroup(
  wanted: WantedTargetGroup,
  live: LiveTargetGroup | null | undefined,
): Change[] {
  if (live === undefined) return []
  if (live === null) {
    return [changeAt('targetGroups', [wanted.name], { wanted: wanted.name, live: null, ...terraforms })]
  }
  const settings =
    live.settings === undefined ? [] : compare(targetGroupShape, wanted.settings, live.settings)
  const attributes =
    live.attributes === undefined
      ? []
      : compare(targetGroupAttributesShape, wanted.attributes, live.attributes)
  return [
    ...settings.map((difference) =>
      changeAt('targetGroups', [wanted.name, ...difference.path], { ...difference, ...terraforms }),
    ),
    ...attributes.map((difference) =>
      changeAt('targetGroupAttributes', [live.arn, ...difference.path], { ...difference, ...terraforms }),
    ),
  ]
}
