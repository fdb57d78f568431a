import { describe, expect, it } from 'vitest'
import { checkRoot } from '../../../controller/core/infrastructure/root.ts'
import { BACKEND, moduleOf, POLICY, rulesOf } from './hcl.ts'

describe('A root', () => {
  it('that reads what is not its own is told what is expected', async () => {
    const modules = [await moduleOf('infra/app', `${BACKEND}locals {\n  x = file("/etc/passwd")\n}`)]
    expect(checkRoot({ modules, texts: new Map(), policy: POLICY })).toEqual([
      {
        file: 'infra/app/main.tf',
        rule: 'FileFunction',
        message:
          "file() may read what is not the root's own; expected a path below ${path.module} that stands there in full",
      },
    ])
  })

  it.each([
    'x = "${local.file} # no call"',
    'x = "${var.a} file"',
    'x = local.file == "a" ? 1 : 2',
    'x = file("../shared/policy.json")',
    'x = file("${ path.module }/x.json" )',
    'x = fileset( path.root , "*")',
    'x = fileset("${path.module}", "*")',
    'x = my_file("/etc/passwd") == file-name("/x")',
    'x = file("${path.module}/x.tftpl")',
  ])('with %s is run', async (line) => {
    const texts = { 'infra/app/x.tftpl': '${file("/etc/passwd")}' }
    expect(await rulesOf(`${BACKEND}locals {\n  ${line}\n}`, texts)).toEqual([])
  })

  it.each([
    'x = file("../..")',
    'x = file("../../..")',
    'x = fileset(path.modules, "*")',
    'x = file("x${path.module}/y")',
    'x = file("${path.module}x")',
    'x = file("a" == "b" ? "/x" : "/y")',
    'x = file("${path.module}/x.json" + var.x)',
    'x = templatestring("a", {})',
  ])('with %s is not', async (line) => {
    expect(await rulesOf(`${BACKEND}locals {\n  ${line}\n}`)).toEqual(
      line.includes('"../.."') ? [] : ['FileFunction'],
    )
  })

  it('finds a template by the folder of the module or of the root', async () => {
    const texts = new Map([
      ['infra/app/a.tftpl', '${file("/etc/passwd")}'],
      ['infra/m/b.tftpl', '${file("/etc/passwd")}'],
    ])
    const filesOf = async (line: string): Promise<string[]> => {
      const modules = [
        await moduleOf('infra/app', BACKEND),
        await moduleOf('infra/m', `locals {\n  x = ${line}\n}`),
      ]
      return checkRoot({ modules, texts, policy: POLICY }).map(({ file }) => file)
    }
    expect(await filesOf('templatefile("${path.root}/a.tftpl", {})')).toEqual(['infra/app/a.tftpl'])
    expect(await filesOf('templatefile("a.tftpl", {})')).toEqual(['infra/app/a.tftpl'])
    expect(await filesOf('templatefile("${path.module}/b.tftpl", {})')).toEqual(['infra/m/b.tftpl'])
    expect(await filesOf('templatefile("${path.module}/a.tftpl", {})')).toEqual([])
  })
})
