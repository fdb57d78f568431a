import { dimensionOf } from '../../../controller/core/gate/side-placeholders.ts'
import { seeRelease, sideNames } from '../aws/view.ts'
import type { Simulation } from './simulation.ts'
import { NAMESPACE } from './outside-gates.ts'

/** So often the side that serves says how it does. */
const EVERY_MS = 20_000
const REQUESTS = 200

/** What measures the requests of each side that has traffic, and how many of them failed, as CloudWatch gets to know it. */
export class Meters {
  readonly #simulation: Simulation

  constructor(simulation: Simulation) {
    this.#simulation = simulation
  }

  start(): void {
    this.#simulation.time.after(EVERY_MS, () => {
      this.#measure()
      this.start()
    })
  }

  #measure(): void {
    const { aws, pairs } = this.#simulation
    for (const pair of pairs)
      for (const side of sideNames) {
        if ((seeRelease(aws, pair).weights?.[side] ?? 0) <= 0) continue
        const Dimensions = [{ Name: 'TargetGroup', Value: dimensionOf(pair.targetGroups[side]) }]
        const datum = (MetricName: string, Value: number) => ({ MetricName, Value, Dimensions })
        aws.byHand('monitoring', 'PutMetricData', {
          Namespace: NAMESPACE,
          MetricData: [datum('Requests', REQUESTS), datum('Errors', REQUESTS * aws.gates.measured)],
        })
      }
  }
}
