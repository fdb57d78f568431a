import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { planOf, resourceChange } from '../core/infrastructure/plans.ts'

const SCRIPT = readFileSync(new URL('stand-in-terraform.sh', import.meta.url), 'utf8')

/** A program that answers as Terraform does for a root of one resource, in a hundredth of its time; returns its path. The folder must let other users pass. */
export function standInTerraform(folder: string): string {
  const plans = join(folder, 'plans')
  mkdirSync(plans)
  const fresh = planOf([resourceChange('terraform_data', ['create'])])
  writeFileSync(join(plans, 'fresh.json'), JSON.stringify(fresh))
  writeFileSync(join(plans, 'applied.json'), JSON.stringify(planOf([])))
  const file = join(folder, 'stand-in')
  writeFileSync(file, SCRIPT.replaceAll('PLANS', plans))
  chmodSync(file, 0o755)
  return file
}
