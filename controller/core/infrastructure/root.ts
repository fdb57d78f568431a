import { backendIssues } from './root/backend.ts'
import { blockIssues } from './root/blocks.ts'
import { fileFunctionIssues } from './root/file-functions.ts'
import { moduleIssues } from './root/modules.ts'
import type { ParsedModule, RootIssue, RootPolicy } from './root/parsed.ts'
import { providerIssues } from './root/providers.ts'

export { localModules } from './root/modules.ts'
export { MODULE_FILE, treeIssues } from './root/tree.ts'
export { declaredVariables } from './root/variables.ts'
export type { ParsedFile, ParsedModule, RootIssue, RootPolicy } from './root/parsed.ts'

/**
 * What a root may not hold, read from its files alone, before Terraform starts. It keeps accidents and plain attempts out; who
 * can merge can still make Terraform run code (a provider may do anything), so the boundary is the process that runs it.
 */
export function checkRoot(request: {
  /** The root first, then every local module that it uses. */
  readonly modules: readonly ParsedModule[]
  /** Every file that is laid out, by its path from the repository's root. */
  readonly texts: ReadonlyMap<string, string>
  readonly policy: RootPolicy
}): readonly RootIssue[] {
  const { modules, texts, policy } = request
  const [root] = modules
  if (root === undefined) return []
  return [
    ...backendIssues(root, policy),
    ...modules.flatMap((module) => [
      ...blockIssues(module, policy),
      ...moduleIssues(module, policy),
      ...fileFunctionIssues(module, { root: root.folder, texts }),
    ]),
    ...providerIssues(modules, policy),
  ].toSorted((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1))
}

function sortKey({ file, rule, message }: RootIssue): string {
  return `${file}\0${rule}\0${message}`
}
