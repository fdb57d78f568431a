import { describe, expect, it } from 'vitest'
import { parseHcl } from '../../../controller/adapters/terraform/hcl.ts'

describe('The parser', () => {
  it('says where a file is broken', async () => {
    await expect(parseHcl({ path: 'a/main.tf', text: 'resource "x" {\n' })).rejects.toMatchObject({
      code: 'TerraformInvalid',
      message: expect.stringContaining('a/main.tf:1,14-15: Unclosed configuration block') as unknown,
    })
  })

  it('survives a file that is nested too deep', async () => {
    const text = `locals {\n  a = ${'('.repeat(100_000)}\n}`
    await expect(parseHcl({ path: 'main.tf', text })).rejects.toMatchObject({ code: 'TerraformInvalid' })
    await expect(parseHcl({ path: 'main.tf', text: 'locals {}' })).resolves.toEqual({ locals: [{}] })
  })
})
