import type { Property } from './schema.ts'
import { properties } from './schema.ts'
import type { Entries, Entry } from './values/entry.ts'
import { environmentEntries } from './values/environment.ts'
import { releaseEntries } from './values/release.ts'

const entries: Entries = { ...releaseEntries, ...environmentEntries }

/** What there is to try with a property; undefined for one that is only a frame around others. */
export function entryOf(property: Property): Entry | undefined {
  return Object.hasOwn(entries, property.name) ? entries[property.name] : undefined
}

/** Whether a property holds a value of its own, and not only others. */
export const isLeaf = ({ schema }: Property): boolean =>
  schema.properties === undefined && schema.items === undefined && schema.additionalProperties === undefined

/** Properties that nobody thought of yet: neither they nor what is around them is in the table. */
export const missingEntries = (): readonly string[] =>
  properties
    .filter(
      (property) => isLeaf(property) && entryOf(property) === undefined && !isWithinUnsupported(property),
    )
    .map(({ name }) => name)

/** Entries of the table that no schema has any more. */
export const strayEntries = (): readonly string[] =>
  Object.keys(entries).filter((name) => !properties.some((property) => property.name === name))

/** What is not supported yet is refused as a whole, whatever is in it. */
export const isWithinUnsupported = ({ name }: Property): boolean =>
  Object.entries(entries).some(
    ([outer, { variants }]) =>
      name.startsWith(`${outer}/`) &&
      variants.some(
        ({ expected }) =>
          expected?.kind === 'Refused' && expected.message?.startsWith('not supported') === true,
      ),
  )
