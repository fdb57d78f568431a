import type { Simulation } from '../run/simulation.ts'
import { describeAct } from './describe.ts'
import { ROOT } from './root.ts'
import { SimulatedTerraform } from './simulated-terraform.ts'

/** As the platform team has set it: what drifts is seen within a few minutes. */
export const TERRAFORM_SETTINGS = {
  path: ROOT,
  driftInterval: '3m',
  backendConfig: { bucket: 'state', key: 'demo' },
}

/** The Terraform of a town: all that it does is traced, and told to the checkers. */
export function terraformFor(town: Simulation): SimulatedTerraform {
  const { time, aws, pairs, randomness, trace } = town
  const terraform = new SimulatedTerraform({ time, aws, pairs, random: randomness.stream('terraform') })
  terraform.onAct = (act) => {
    const said = describeAct(act)
    if (said !== undefined) trace.add('terraform', said)
    town.checkers?.terraform(act)
  }
  return terraform
}
