import { table } from './output.ts'

/** The columns of a table; those that are `wide` show with `-o wide` alone. */
export type Columns<Item> = readonly {
  readonly head: string
  readonly wide?: boolean
  readonly cell: (item: Item, nowMs: number) => string
}[]

/** A table of items. */
export function tableOf<Item>(
  columns: Columns<Item>,
  items: readonly Item[],
  { wide = false, nowMs }: { readonly wide?: boolean; readonly nowMs: number },
): string {
  const shown = columns.filter((column) => wide || column.wide !== true)
  return table(
    shown.map(({ head }) => head),
    items.map((item) => shown.map(({ cell }) => cell(item, nowMs))),
  )
}
