import type { Wish } from '../run/asked.ts'
import type { Simulation } from '../run/simulation.ts'

/** People try again where the controller is down or a request is lost, for so long. */
const AGAIN_MS = 5_000
const MOST_TRIES = 60

/** Asks for it as the HTTP API does, until a controller has taken it. */
export function ask(
  simulation: Simulation,
  wish: Wish,
  {
    afterwards = () => undefined,
    tries = MOST_TRIES,
    token = String(simulation.trace.length),
  }: { readonly afterwards?: () => void; readonly tries?: number; readonly token?: string } = {},
): void {
  if (tries === 0) return
  const asked = { ...wish, token }
  let isTaken = false
  const seat = simulation.seats.find(({ isReady }) => isReady)
  if (seat !== undefined) simulation.checkers?.asking(asked)
  seat?.ask(asked, () => {
    if (isTaken) return
    isTaken = true
    simulation.trace.add('people', `asked to ${Object.values(wish).join(' ')}`)
    simulation.checkers?.asked(asked)
    afterwards()
  })
  simulation.later(AGAIN_MS, () => {
    if (!isTaken) ask(simulation, wish, { afterwards, tries: tries - 1, token })
  })
}
