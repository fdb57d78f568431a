import { findImpurities } from './purity.ts'
import { findSources, inspectSources, type Finding } from './sources.ts'
import { findSuppressions } from './suppressions.ts'

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
