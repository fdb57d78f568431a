import { execFile } from 'node:child_process'
import { chownSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT_EXAMPLE } from './examples.ts'

/** Terraform that has found the root's provider: what it locked, or why the demo goes on without it. */
export type FoundTerraform = { readonly lockFile: string } | { readonly lacking: string }

/** A registry that can't be reached is not waited for any longer. */
const LIMIT_MS = 30_000

/** Where we are root the controller runs Terraform as a user who may read little: nobody finds what that user will find. */
const NOBODY = { uid: 65_534, gid: 65_534 }

/** Initialises a copy of the demo's root as the controller will, which shows whether Terraform is there and can find the AWS provider. */
export async function findTerraform(
  variables: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<FoundTerraform> {
  const directory = mkdtempSync(join(tmpdir(), 'steersman-demo-terraform-'))
  try {
    cpSync(ROOT_EXAMPLE, directory, { recursive: true })
    const isRoot = process.getuid?.() === 0
    if (isRoot) chownSync(directory, NOBODY.uid, NOBODY.gid)
    await promisify(execFile)('terraform', ['init', '-backend=false', '-input=false', '-no-color'], {
      cwd: directory,
      env: { ...variables, HOME: directory, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' },
      ...(isRoot ? NOBODY : {}),
      timeout: LIMIT_MS,
      signal,
    })
    return { lockFile: readFileSync(join(directory, '.terraform.lock.hcl'), 'utf8') }
  } catch (error) {
    signal.throwIfAborted()
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return {
      lacking:
        code === 'ENOENT' || code === 'EACCES'
          ? 'there is no terraform on the PATH'
          : 'terraform init can’t find the AWS provider: no registry, and no mirror in a file that TF_CLI_CONFIG_FILE names and everybody may read',
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
