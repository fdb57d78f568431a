import { describe, expect, it } from 'vitest'
import { createHclParser } from '../../../controller/adapters/terraform/hcl.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { portError } from '../../support/git-source.ts'

const parse = createHclParser(systemClock, { parseMs: 20_000, idleMs: 100 })

describe('The parser of HCL', { timeout: 90_000 }, () => {
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

  it.each([
    ['brackets', 100_000, (depth: number) => '('.repeat(depth)],
    ['maps', 2_500, (depth: number) => `${'{a='.repeat(depth)}1${'}'.repeat(depth)}`],
    ['lists', 8_000, (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`],
  ])('survives a file whose %s are nested too deep', async (_, depth, expression) => {
    // For some of them the parser never answers at all.
    const impatient = createHclParser(systemClock, { parseMs: 2_000, idleMs: 100 })
    const text = `locals {\n  a = ${expression(depth)}\n}`
    const [broken, sound] = await Promise.allSettled([
      impatient({ path: 'main.tf', text }),
      impatient({ path: 'main.tf', text: 'locals {}' }),
    ])
    expect(broken).toMatchObject({ status: 'rejected', reason: { code: 'TerraformInvalid' } })
    expect(sound).toEqual({ status: 'fulfilled', value: { locals: [{}] } })
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
    expect(await parse({ path: 'main.tf', text: 'locals {}' })).toEqual({ locals: [{}] })
  })
})
