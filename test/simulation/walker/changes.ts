import type { Change } from './change.ts'
import { properties } from './schema.ts'
import { entryOf, isWithinUnsupported } from './values.ts'
import { changeOf } from './values/entry.ts'
import { wrongChanges } from './wrong.ts'

const tried = properties.filter((property) => !isWithinUnsupported(property))

/** What the table of values has. */
export const meantChanges: readonly Change[] = tried.flatMap((property) => {
  const entry = entryOf(property)
  return entry === undefined ? [] : entry.variants.map((variant) => changeOf(property, entry, variant))
})

/** What the schemas tell by themselves: values that are wrong, and members that are left out. */
export const wrongOnes: readonly Change[] = tried.flatMap((property) =>
  wrongChanges(property, entryOf(property)),
)

/** Every change that there is to try. */
export const changes: readonly Change[] = [...meantChanges, ...wrongOnes]
