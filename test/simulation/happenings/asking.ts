import type { Asked } from '../run/asked.ts'
import type { Simulation } from '../run/simulation.ts'

/** People try again where the controller is down or a request is lost, for so long. */
const AGAIN_MS = 5_000
const MOST_TRIES = 60

/** Asks for it as the HTTP API does, until a controller has taken it. */
export function ask(
  simulation: Simulation,
  asked: Asked,
  {
    afterwards = () => undefined,
    tries = MOST_TRIES,
  }: { readonly afterwards?: () => void; readonly tries?: number } = {},
): void {
  if (tries === 0) return
  let isTaken = false
  simulation.seats
    .find(({ isReady }) => isReady)
    ?.ask(asked, () => {
      if (isTaken) return
      isTaken = true
      simulation.trace.add('people', `asked to ${Object.values(asked).join(' ')}`)
      simulation.checkers?.asked(asked)
      afterwards()
    })
  simulation.later(AGAIN_MS, () => {
    if (!isTaken) ask(simulation, asked, { afterwards, tries: tries - 1 })
  })
}
