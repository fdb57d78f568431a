import type { ElbTables, RegisteredTarget, Rule } from '../elb/state.ts'
import type { Table } from '../kernel/table.ts'

/** What routing looks up for each request, worked out again only when the table behind it was written. */
export function createIndex(tables: ElbTables): {
  /** By priority, without the default rule. */
  rulesOf(listenerArn: string): readonly Rule[]
  targetsOf(targetGroupArn: string): readonly RegisteredTarget[]
} {
  const rules = grouped(
    tables.rules,
    (rule) => rule.listenerArn,
    (left, right) => left.priority - right.priority,
  )
  const targets = grouped(
    tables.targets,
    (target) => target.targetGroupArn,
    () => 0,
  )
  return { rulesOf: rules, targetsOf: targets }
}

function grouped<T>(
  table: Table<T>,
  keyOf: (row: T) => string,
  order: (left: T, right: T) => number,
): (key: string) => readonly T[] {
  let version = -1
  let groups = new Map<string, T[]>()
  return (key) => {
    if (version !== table.version) {
      groups = Map.groupBy(table.list().toSorted(order), keyOf)
      version = table.version
    }
    return groups.get(key) ?? []
  }
}
