import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { findTerraform } from '../../../controller/demo/find-terraform.ts'
import { eventually } from '../../support/eventually.ts'
import { requires } from '../../support/requires.ts'
import { startSteersman } from '../../support/steersman-process.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'
import { cliConfiguration, withProvider } from '../support/terraform.ts'

const found = requires('terraform', 'git')
const withAws = withProvider(found)
const LIMIT_MS = 600_000

/** The environment of a person whose Terraform is configured by this text. */
async function configured(text: string): Promise<Record<string, string | undefined>> {
  const directory = await temporaryDirectory()
  await chmod(directory, 0o755)
  const file = join(directory, 'terraform.rc')
  await writeFile(file, text, { mode: 0o644 })
  return { ...process.env, TF_CLI_CONFIG_FILE: file }
}

describe.skipIf(withAws.missing !== undefined)(
  withAws.title('The demo with Terraform'),
  { timeout: LIMIT_MS },
  () => {
    it('holds all that it promises, with one more swap: the version that Terraform registers anew', async () => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['controller/main.ts', 'demo', '--once', '--terraform', '-o', 'json'],
        { env: await configured(cliConfiguration()), timeout: LIMIT_MS, maxBuffer: 1024 * 1024 },
      )
      expect(JSON.parse(stdout)).toMatchObject({
        ok: true,
        failed: 0,
        swaps: 5,
        refused: 1,
        driftCorrected: 2,
      })
    })

    it('ends soon in the middle of an apply, and Terraform with it', async () => {
      const temporary = await temporaryDirectory()
      await chmod(temporary, 0o711)
      const { TF_CLI_CONFIG_FILE: file = '' } = await configured(cliConfiguration())
      const demo = startSteersman(['demo', '--port', '0', '--terraform'], {
        TMPDIR: temporary,
        TF_CLI_CONFIG_FILE: file,
      })
      const isApplied = (): boolean => programsIn(temporary).some((words) => words.includes('apply'))
      await eventually(async () => isApplied(), Boolean, { what: 'an apply', withinMs: LIMIT_MS })
      expect(await demo.end()).toBe(0)
      expect(programsIn(temporary)).toEqual([])
    })
  },
)

describe.skipIf(found.missing !== undefined)(
  found.title('Where the demo can’t have Terraform'),
  { timeout: 60_000 },
  () => {
    it('it says that the provider can’t be found', async () => {
      const empty = await temporaryDirectory()
      const variables = await configured(
        `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(empty)}\n  }\n}\n`,
      )
      expect(await findTerraform(variables, new AbortController().signal)).toEqual({
        lacking: expect.stringContaining('can’t find the AWS provider') as string,
      })
    })

    it('it says that there is no terraform', async () => {
      expect(await findTerraform({ PATH: await temporaryDirectory() }, new AbortController().signal)).toEqual(
        {
          lacking: 'there is no terraform on the PATH',
        },
      )
    })
  },
)

/** The command lines of all that runs for a directory: by its words, or by the home that it was given. */
function programsIn(directory: string): readonly string[] {
  const read = (pid: string, name: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'utf8')
    } catch {
      return ''
    }
  }
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && pid !== String(process.pid))
    .filter(
      (pid) => read(pid, 'cmdline').includes(directory) || read(pid, 'environ').includes(`=${directory}`),
    )
    .map((pid) => read(pid, 'cmdline').replaceAll('\0', ' '))
}
