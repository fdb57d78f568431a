import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ending } from '../../support/machine.ts'
import type { TreeEntry } from '../../support/repository.ts'
import { makeTemporaryDirectory } from '../../support/temp-directory.ts'
import type { Town } from '../../support/town.ts'
import { startTown } from '../../support/town.ts'
import { SHOP_ROOT, shopInfrastructure } from './shop-repository.ts'
import type { ShopBackend } from './shop-repository.ts'
import { cliConfiguration, copyOfModules } from './terraform.ts'

/** A town whose controller runs Terraform, and what its repository holds for it. */
export interface ShopTown {
  readonly town: Town
  readonly infrastructure: Readonly<Record<string, TreeEntry>>
}

/** Starts one; left out, its state is a file that every user of this machine may write, as a bucket would be. */
export async function startShop(ending: Ending, given?: ShopBackend): Promise<ShopTown> {
  const open = await makeTemporaryDirectory('steersman-open')
  ending.onTestFinished(() => open.remove())
  await chmod(open.path, 0o755)
  const configuration = join(open.path, 'terraform.rc')
  await writeFile(configuration, cliConfiguration())
  const backend = given ?? { type: 'local', config: { path: await writableState(open.path) } }
  const terraform = { path: SHOP_ROOT, backend: backend.type, backendConfig: backend.config }
  const town = await startTown(ending, {
    spec: { terraform },
    variables: { TF_CLI_CONFIG_FILE: configuration },
  })
  const copy = await copyOfModules(town.variables())
  ending.onTestFinished(() => copy.remove())
  return { town, infrastructure: await shopInfrastructure(copy, backend.type) }
}

async function writableState(folder: string): Promise<string> {
  const states = join(folder, 'states')
  await mkdir(states)
  await chmod(states, 0o777)
  const state = join(states, 'shop.tfstate')
  await writeFile(state, '')
  await chmod(state, 0o666)
  return state
}
