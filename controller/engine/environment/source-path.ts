import { PortError } from '../../ports/error.ts'
import type { TreeFile } from '../../ports/source.ts'

/**
 * Refuses a path that names no folder of the commit: by a slip of the pen in it, all releases would seem to have been removed. Git keeps no empty folder, so
 * what is there has files.
 */
export function assertFolder(
  files: readonly Pick<TreeFile, 'path' | 'mode'>[],
  { path, commit }: { readonly path: string; readonly commit: string },
): void {
  const entry = files.find((file) => file.path === path)
  if (files.length > 0 && entry === undefined) return
  const found = entry === undefined ? 'does not exist' : `is a ${entry.mode} and no folder`
  throw new PortError(`path '${path}' ${found} in commit ${commit.slice(0, 12)}`, {
    code: 'SourcePathMissing',
    handling: 'stall',
    remedy:
      'Correct spec.source.path of the Environment, or push a commit that has the folder; where no release shall be left, keep any file in it.',
  })
}
