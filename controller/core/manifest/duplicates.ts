import { isRecord } from '../../resources/problem.ts'
import { issueAt } from './issue.ts'
import type { Issue } from './issue.ts'
import { locate } from './positions.ts'
import type { LocatedDocument } from './read.ts'

/** Finds releases that share a name; each of them is told where another one is. */
export function duplicateNames(documents: readonly LocatedDocument[]): Issue[] {
  const byName = new Map<string, LocatedDocument[]>()
  for (const document of documents) {
    const name = documentName(document.value)
    if (name === undefined || !isRecord(document.value) || document.value['kind'] !== 'Release') continue
    const alike = byName.get(name)
    if (alike === undefined) byName.set(name, [document])
    else alike.push(document)
  }
  return [...byName].flatMap(([name, alike]) =>
    alike.flatMap((one) => {
      const other = alike.find((each) => each !== one)
      return other ? [duplicate({ name, one, other })] : []
    }),
  )
}

/** metadata.name of a document, where it has one. */
export function documentName(value: unknown): string | undefined {
  const metadata = isRecord(value) ? value['metadata'] : undefined
  const name = isRecord(metadata) ? metadata['name'] : undefined
  return typeof name === 'string' ? name : undefined
}

function duplicate({
  name,
  one,
  other,
}: {
  name: string
  one: LocatedDocument
  other: LocatedDocument
}): Issue {
  const path = '/metadata/name'
  const { found, position } = locate({ node: other.node, path, at: 'value' })
  const where = `${found.source.path}:${position.line}`
  const message = `the name ${JSON.stringify(name.slice(0, 80))} is also taken in ${where}; expected a name of its own for each release`
  return issueAt(one.node, { path, message, code: 'DuplicateName', at: 'value' })
}
