import { globSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requires } from '../../support/requires.ts'
import { copyOfModules, succeeded, withProvider } from '../support/terraform.ts'
import type { Copy } from '../support/terraform.ts'

const found = withProvider(requires('terraform'))
const root = new URL('../../../terraform', import.meta.url).pathname
const modules = globSync('modules/*', { cwd: root }).toSorted()
const roots = globSync('roots/*', { cwd: root }).toSorted()

describe.skipIf(found.missing !== undefined)(found.title('terraform/'), () => {
  let copy: Copy
  beforeAll(async () => {
    copy = await copyOfModules()
  })
  afterAll(() => copy.remove())

  const terraform = (folder: string, ...words: string[]) => succeeded(copy.terraform(folder, ...words))
  const init = (folder: string) => terraform(folder, 'init', '-backend=false', '-input=false')

  it('is laid out as terraform fmt does', async () => {
    expect(await copy.terraform('.', 'fmt', '-check', '-recursive')).toEqual({ code: 0, text: '' })
  })

  it.each(roots)('is valid: %s', async (folder) => {
    await init(folder)
    expect(await terraform(folder, 'validate')).toContain('The configuration is valid.')
  })

  it.each(modules)('is valid by itself, and passes its tests: %s', async (folder) => {
    await init(folder)
    expect(await terraform(folder, 'validate')).toContain('The configuration is valid.')
    expect(await terraform(folder, 'test')).toMatch(/Success! [1-9]\d* passed, 0 failed\./u)
  })

  it('has examples that are valid', async () => {
    const examples = modules.map((folder) => exampleOf(folder))
    await mkdir(join(copy.path, 'examples'))
    await writeFile(join(copy.path, 'examples/main.tf'), examples.join('\n'))
    await init('examples')
    expect(await terraform('examples', 'validate')).toContain('The configuration is valid.')
  })
})

/** The example of a module's README, with its source as seen from a folder beside modules/. */
function exampleOf(folder: string): string {
  const [, example] = /```hcl\n(.*?)```/su.exec(readFileSync(join(root, folder, 'README.md'), 'utf8')) ?? []
  if (example === undefined) throw new Error(`${folder} has no example`)
  return example.replaceAll('"../../modules/', '"../modules/')
}
