import { describe, expect, it } from 'vitest'
import { createHclParser } from '../../../controller/adapters/terraform/hcl.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { portError } from '../../support/git-source.ts'

const parse = createHclParser(systemClock, { parseMs: 20_000, idleMs: 100 })

describe('The parser of HCL', () => {
  it('gives blocks by type and labels, and expressions as texts', async () => {
    const text = 'resource "a" "b" {\n  x = 1\n  y = var.z\n  z {}\n}\nlocals {}\nlocals {\n  a = "${b}c"\n}'
    expect(await parse({ path: 'main.tf', text })).toEqual({
      resource: { a: { b: [{ x: 1, y: '${var.z}', z: [{}] }] } },
      locals: [{}, { a: '${b}c' }],
    })
  })

  it('says where a file is broken', async () => {
    const failure = await portError(parse({ path: 'a/main.tf', text: 'resource "x" {\n' }))
    expect(failure).toMatchObject({ code: 'TerraformInvalid', handling: 'stall' })
    expect(failure.message).toMatch(
      /^a\/main\.tf is not valid HCL: a\/main\.tf:1,14-15: Unclosed configuration block/,
    )
  })

  it('survives a file that is nested too deep', async () => {
    const text = `locals {\n  a = ${'('.repeat(100_000)}\n}`
    expect((await portError(parse({ path: 'main.tf', text }))).code).toBe('TerraformInvalid')
    expect(await parse({ path: 'main.tf', text: 'locals {}' })).toEqual({ locals: [{}] })
  })

  it('answers many at once, each with its own', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        parse({ path: `${index}.tf`, text: `locals {\n  a = ${index}\n}` }),
      ),
    )
    expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => ({ locals: [{ a: index }] })))
  })

  it('gives a file up that takes too long, and reads the next one', async () => {
    const impatient = createHclParser(systemClock, { parseMs: 300, idleMs: 100 })
    const text = 'locals {\n  a = [for x in [1, 2, 3] : { b = "${x}" }]\n}\n'.repeat(20_000)
    const failure = await portError(impatient({ path: 'main.tf', text }))
    expect(failure.message).toBe('main.tf is not valid HCL: it takes too long to read')
    const patient = createHclParser(systemClock, { parseMs: 20_000, idleMs: 100 })
    expect(await patient({ path: 'main.tf', text: 'locals {}' })).toEqual({ locals: [{}] })
  })
})
