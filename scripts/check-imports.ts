import { checkImports } from './checks/imports.ts'
import { root } from './checks/sources.ts'

const { modules, unread, violations } = await checkImports(root)
for (const source of unread) console.error(`error: ${source} was not read by dependency-cruiser`)
for (const { rule, from, to } of violations)
  console.error(`error: ${rule}: ${from} -> ${to} (see .dependency-cruiser.mjs)`)
console.log(
  `imports: ${modules.length} modules read, ${unread.length} unread, ${violations.length} violations`,
)
process.exitCode = modules.length > 0 && unread.length === 0 && violations.length === 0 ? 0 : 1
