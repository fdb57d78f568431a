import { findImpurities } from './checks/purity.ts'
import { findSources, inspectSources, root, type Finding } from './checks/sources.ts'
import { findSuppressions } from './checks/suppressions.ts'

/** Folders in which the same arguments must give the same answer, today and in a replay. */
const PURE_FOLDERS = ['controller/core', 'controller/resources']

/** What lint has no rule for: purity of core and the kinds, and no comment that switches a check off. */
export async function checkSources(directory: string): Promise<{ files: number; findings: Finding[] }> {
  const all = await findSources(directory)
  const pure = await findSources(directory, PURE_FOLDERS)
  const findings = [
    ...(await inspectSources(directory, pure, findImpurities)),
    ...(await inspectSources(directory, all, findSuppressions)),
  ]
  return { files: all.length, findings }
}

if (import.meta.main) {
  const { files, findings } = await checkSources(root)
  for (const { file, line, what } of findings) console.error(`error: ${file}:${line}: ${what}`)
  console.log(`sources: ${files} files read, ${findings.length} findings`)
  process.exitCode = files > 0 && findings.length === 0 ? 0 : 1
}
