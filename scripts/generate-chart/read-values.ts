/** One value of the chart: what `--set` calls it, its default as YAML, and what it is for. */
export interface ChartValue {
  readonly path: string
  /** Empty for a map whose members have rows of their own. */
  readonly defaultValue: string
  readonly meaning: string
}

/**
 * The values of values.yaml in their order, each with the comment that stands right above it. A map over several lines needs none, its
 * members do. Throws for a value without a comment.
 */
export function readValues(text: string): ChartValue[] {
  const values: ChartValue[] = []
  const names: string[] = []
  let comment: string[] = []
  for (const line of text.split('\n')) {
    const [, told] = /^ *# (.*)$/u.exec(line) ?? []
    if (told !== undefined) {
      comment.push(told)
      continue
    }
    const [, indent = '', name, rest = ''] = /^( *)([A-Za-z]+):(.*)$/u.exec(line) ?? []
    if (name !== undefined) {
      names.splice(indent.length / 2, Infinity, name)
      values.push(...valueOf(names.join('.'), rest.trim(), comment.join(' ')))
    }
    comment = []
  }
  return values
}

function valueOf(path: string, defaultValue: string, meaning: string): ChartValue[] {
  if (defaultValue === '' && meaning === '') return []
  if (meaning === '') throw new Error(`values.yaml: ${path} has no comment right above it`)
  return [{ path, defaultValue, meaning }]
}
