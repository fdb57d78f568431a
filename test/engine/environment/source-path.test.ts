import { describe, expect, it } from 'vitest'

import { assertFolder } from '../../../controller/engine/environment/source-path.ts'
import type { TreeFile } from '../../../controller/ports/source.ts'

describe('the path below which releases live', () => {
  const check = (path: string, ...files: readonly Pick<TreeFile, 'path' | 'mode'>[]): void =>
    assertFolder(files, { path, commit: '0123456789abcdef' })
  const file = (path: string, mode: TreeFile['mode'] = 'file'): Pick<TreeFile, 'path' | 'mode'> => ({
    path,
    mode,
  })

  it.each([
    ['deploy', 'deploy/README.md'],
    ['.', 'README.md'],
  ])('may be a folder without releases: %s', (path, name) => {
    expect(() => check(path, file(name))).not.toThrow()
  })

  it.each([
    ['nothing', 'deploy', [], "path 'deploy' does not exist in commit 0123456789ab"],
    ['nothing at all', '.', [], "path '.' does not exist in commit 0123456789ab"],
    ['a file', 'a.yaml', [file('a.yaml')], "path 'a.yaml' is a file and no folder in commit 0123456789ab"],
    ['a link', 'a', [file('a', 'symlink')], "path 'a' is a symlink and no folder in commit 0123456789ab"],
  ] as const)('is refused where it names %s', (_title, path, files, message) => {
    expect(() => check(path, ...files)).toThrow(
      expect.objectContaining({ message, code: 'SourcePathMissing', handling: 'stall' }),
    )
  })
})
