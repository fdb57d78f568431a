import { access, constants, lstat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The absolute path of a program below a directory, or in words why it is not run: it leaves the directory, a link is on its way (whoever may write
 * beside the configuration could let it lead anywhere), or it is no file that may be executed.
 */
export async function findProgram(
  directory: string,
  name: string,
): Promise<{ readonly path: string } | { readonly why: string }> {
  const steps = name.split('/')
  if (name.includes('\0') || steps.some((step) => ['', '.', '..'].includes(step)))
    return { why: 'its path leaves the directory of the configuration' }
  let path = directory
  for (const [index, step] of steps.entries()) {
    path = join(path, step)
    const found = await lstat(path).catch(() => undefined)
    if (found === undefined) return { why: 'there is no such file beside the configuration' }
    if (found.isSymbolicLink()) return { why: `${steps.slice(0, index + 1).join('/')} is a link` }
    const isLast = index === steps.length - 1
    if (isLast ? !found.isFile() : !found.isDirectory()) return { why: 'it is no file' }
  }
  const mayRun = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
  return mayRun ? { path } : { why: 'the controller may not execute it' }
}
