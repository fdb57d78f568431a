import type { Pair } from '../aws/shape.ts'
import type { SimulatedAws } from '../aws/simulated-aws.ts'
import type { CheckerEvents } from '../checkers/checker.ts'
import type { Trace } from '../run/trace.ts'
import type { Randomness } from '../time/randomness.ts'
import type { Time } from '../time/time.ts'
import { describeAct } from './describe.ts'
import { ROOT } from './root.ts'
import { SimulatedTerraform } from './simulated-terraform.ts'

/** As the platform team has set it: what drifts is seen within a few minutes. */
export const TERRAFORM_SETTINGS = {
  path: ROOT,
  driftInterval: '3m',
  backendConfig: { bucket: 'state', key: 'demo' },
}

/** What is around Terraform. */
interface Town {
  readonly time: Time
  readonly aws: SimulatedAws
  readonly pairs: readonly Pair[]
  readonly randomness: Randomness
  readonly trace: Trace
  readonly checkers: CheckerEvents | undefined
}

/** The Terraform of a town: all that it does is traced, and told to the checkers. */
export function terraformFor(town: Town): SimulatedTerraform {
  const { time, aws, pairs, randomness, trace } = town
  const terraform = new SimulatedTerraform({ time, aws, pairs, random: randomness.stream('terraform') })
  terraform.onAct = (act) => {
    const said = describeAct(act)
    if (said !== undefined) trace.add('terraform', said)
    town.checkers?.terraform(act)
  }
  return terraform
}
