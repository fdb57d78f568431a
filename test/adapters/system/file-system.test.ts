import { mkdir, stat, writeFile } from 'node:fs/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { systemFileSystem } from '../../../controller/adapters/system/file-system.ts'
import type { FileSystem } from '../../../controller/ports/file-system.ts'
import { MemoryFileSystem } from '../../support/memory-file-system.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'

/** The one in memory proves the store, so it must do what the real one does. */
describe.each(['system', 'memory'])('the %s file system', (which) => {
  let files: FileSystem
  let root: string

  beforeEach(async () => {
    files = which === 'system' ? systemFileSystem : new MemoryFileSystem(seededRandom(1))
    root = which === 'system' ? await temporaryDirectory() : '/data'
    await files.makeDirectory(root)
  })

  it('reads what was written and appended, and says that a missing file is missing', async () => {
    await files.write(`${root}/a`, 'first, longer')
    await files.write(`${root}/a`, 'größer')
    await files.append(`${root}/a`, '!')
    await files.append(`${root}/new`, '1')
    expect(await files.read(`${root}/a`, 100)).toBe('größer!')
    expect(await files.size(`${root}/a`)).toBe(9)
    expect(await files.read(`${root}/new`, 100)).toBe('1')
    expect(await files.read(`${root}/missing`, 100)).toBeUndefined()
    expect(await files.size(`${root}/missing`)).toBeUndefined()
  })

  it('refuses a file over the limit', async () => {
    await files.write(`${root}/a`, '12345')
    expect(await files.read(`${root}/a`, 5)).toBe('12345')
    await expect(files.read(`${root}/a`, 4)).rejects.toMatchObject({ code: 'FileTooLarge' })
  })

  it('replaces the target of a rename', async () => {
    await files.write(`${root}/a`, 'new')
    await files.write(`${root}/b`, 'old')
    await files.rename(`${root}/a`, `${root}/b`)
    expect(await files.list(root)).toEqual(['b'])
    expect(await files.read(`${root}/b`, 100)).toBe('new')
    await expect(files.rename(`${root}/a`, `${root}/b`)).rejects.toMatchObject({ code: 'StoreUnavailable' })
  })

  it('links once, and keeps the link when the first name is replaced', async () => {
    await files.write(`${root}/a`, 'one')
    expect(await files.link(`${root}/a`, `${root}/b`)).toBe('Linked')
    expect(await files.link(`${root}/a`, `${root}/b`)).toBe('Exists')
    expect(await files.link(`${root}/missing`, `${root}/c`)).toBe('Missing')
    await files.write(`${root}/t`, 'two')
    await files.rename(`${root}/t`, `${root}/a`)
    expect(await files.read(`${root}/b`, 100)).toBe('one')
  })

  it('removes, and says whether there was anything', async () => {
    await files.write(`${root}/a`, '')
    expect(await files.remove(`${root}/a`)).toBe(true)
    expect(await files.remove(`${root}/a`)).toBe(false)
    await expect(files.syncDirectory(root)).resolves.toBeUndefined()
  })

  it('makes a directory once and lists it; a missing one is empty', async () => {
    await files.makeDirectory(`${root}/sub`)
    await files.makeDirectory(`${root}/sub`)
    expect(await files.list(root)).toEqual(['sub'])
    expect(await files.list(`${root}/missing`)).toEqual([])
  })
})

describe('the system file system', () => {
  it('makes parents, and files and directories that only their owner may read', async () => {
    const root = await temporaryDirectory()
    await systemFileSystem.makeDirectory(`${root}/a/b/c`)
    await systemFileSystem.write(`${root}/a/b/c/file`, 'x')
    expect((await stat(`${root}/a/b/c`)).mode & 0o777).toBe(0o700)
    expect((await stat(`${root}/a/b/c/file`)).mode & 0o777).toBe(0o600)
  })

  it('classes an error once and keeps its cause', async () => {
    const root = await temporaryDirectory()
    await mkdir(`${root}/directory`)
    await writeFile(`${root}/file`, '')
    await expect(systemFileSystem.write(`${root}/directory`, 'x')).rejects.toMatchObject({
      name: 'PortError',
      code: 'StoreUnavailable',
      handling: 'retry',
      cause: { code: 'EISDIR' },
    })
    await expect(systemFileSystem.makeDirectory(`${root}/file/below`)).rejects.toMatchObject({
      code: 'StoreUnavailable',
    })
  })
})
