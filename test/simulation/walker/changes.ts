import type { Change } from './change.ts'
import { properties } from './schema.ts'
import { entryOf, isWithinUnsupported } from './values.ts'
import { changeOf } from './values/entry.ts'
import { wrongChanges } from './wrong.ts'

/** Every change that there is to try: what the table has, and what the schemas tell to be wrong. */
export const changes: readonly Change[] = properties.flatMap((property) => {
  const entry = entryOf(property)
  if (isWithinUnsupported(property)) return []
  const meant = (entry?.variants ?? []).map((variant) =>
    changeOf(property, entry ?? { variants: [] }, variant),
  )
  return [...meant, ...wrongChanges(property, entry)]
})
