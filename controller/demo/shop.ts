import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SimpleGit } from 'simple-git'
import { simpleGit } from 'simple-git'
import { CONFIG_EXAMPLE, REPOSITORY_EXAMPLE, TERRAFORM_EXAMPLE } from './examples.ts'

/** The demo's application team: a real git repository with a working copy, and the platform team's configuration beside it. */
export interface Shop {
  readonly directory: string
  /** The working copy that a person would edit. */
  readonly workingCopy: string
  readonly configDirectory: string
  /** Merges a branch that changes the release's YAML, pushes it, and resolves to the commit. */
  merge(branch: string, change: (yaml: string) => string): Promise<string>
  /** Commits a change straight on the environment's branch and pushes it. */
  commit(message: string, change: (yaml: string) => string): Promise<string>
  /** The commit that a tag of the remote repository names; undefined without the tag. */
  tagged(tag: string): Promise<string | undefined>
}

const RELEASE_FILE = 'deploy/releases/web.yaml'

/** Lays a fresh directory with repository and configuration from `manifests/demo`; with a lock file, with the Terraform root that it is of. */
export async function createShop({
  port,
  lockFile,
}: {
  readonly port: number
  readonly lockFile: string | undefined
}): Promise<Shop> {
  const directory = mkdtempSync(join(tmpdir(), 'steersman-demo-'))
  const remote = join(directory, 'shop.git')
  const workingCopy = join(directory, 'shop')
  mkdirSync(remote)
  await simpleGit(remote).init(['--bare', '--initial-branch=demo'])
  cpSync(REPOSITORY_EXAMPLE, workingCopy, { recursive: true })
  const configDirectory = writeConfiguration(directory, { remote, port })
  if (lockFile !== undefined) addTerraform({ directory, workingCopy, configDirectory, lockFile })
  const git = await workingCopyOf(workingCopy, remote)
  return {
    directory,
    workingCopy,
    configDirectory,
    merge: async (branch, change) => {
      await git.checkoutLocalBranch(branch)
      await edit(git, workingCopy, { message: `Release ${branch}`, change })
      await git.checkout('demo')
      await git.merge(['--no-ff', '-m', `Merge ${branch}`, branch])
      return pushed(git)
    },
    commit: async (message, change) => {
      await edit(git, workingCopy, { message, change })
      return pushed(git)
    },
    tagged: async (tag) => {
      const listed = await git.listRemote(['origin', `refs/tags/${tag}^{}`])
      return listed === '' ? undefined : listed.split('\t')[0]
    },
  }
}

/** A state on the disk, in the place of a bucket. Where we are root Terraform runs as a user of its own, who must be able to reach it. */
function addTerraform({
  directory,
  workingCopy,
  configDirectory,
  lockFile,
}: {
  readonly directory: string
  readonly workingCopy: string
  readonly configDirectory: string
  readonly lockFile: string
}): void {
  cpSync(TERRAFORM_EXAMPLE, workingCopy, { recursive: true })
  writeFileSync(join(workingCopy, 'infra/.terraform.lock.hcl'), lockFile)
  const states = join(directory, 'states')
  const state = join(states, 'demo.tfstate')
  mkdirSync(states)
  writeFileSync(state, '')
  chmodSync(directory, 0o711)
  chmodSync(states, 0o777)
  chmodSync(state, 0o666)
  appendFileSync(
    join(configDirectory, 'environment.yaml'),
    `  terraform:\n    path: infra\n    backend: local\n    backendConfig: { path: ${JSON.stringify(state)} }\n`,
  )
  // Whoever plays the demo without being root is alone with it.
  appendFileSync(join(configDirectory, 'configuration.yaml'), '  terraform: { isolation: Preferred }\n')
}

async function workingCopyOf(directory: string, remote: string): Promise<SimpleGit> {
  const git = simpleGit(directory, {
    config: ['user.name=Dana Developer', 'user.email=dana@example.com', 'commit.gpgsign=false'],
  })
  await git.init(['--initial-branch=demo'])
  await git.addConfig('user.name', 'Dana Developer')
  await git.addConfig('user.email', 'dana@example.com')
  await git.addRemote('origin', remote)
  await git.add('.')
  await git.commit('Release v1')
  await git.push(['--set-upstream', 'origin', 'demo'])
  return git
}

async function edit(
  git: SimpleGit,
  directory: string,
  { message, change }: { readonly message: string; readonly change: (yaml: string) => string },
): Promise<void> {
  const file = join(directory, RELEASE_FILE)
  writeFileSync(file, change(readFileSync(file, 'utf8')))
  await git.add(RELEASE_FILE)
  await git.commit(message)
}

async function pushed(git: SimpleGit): Promise<string> {
  await git.push('origin', 'demo')
  return (await git.revparse(['HEAD'])).trim()
}

function writeConfiguration(
  directory: string,
  { remote, port }: { readonly remote: string; readonly port: number },
): string {
  const target = join(directory, 'config')
  cpSync(CONFIG_EXAMPLE, target, { recursive: true })
  replaceIn(join(target, 'environment.yaml'), './repository.git', remote)
  replaceIn(join(target, 'configuration.yaml'), '127.0.0.1:8080', `127.0.0.1:${port}`)
  return target
}

function replaceIn(file: string, found: string, replacement: string): void {
  const text = readFileSync(file, 'utf8')
  if (!text.includes(found)) throw new Error(`${file} does not hold ${found}`)
  writeFileSync(file, text.replace(found, replacement))
}
