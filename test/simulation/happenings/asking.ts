import { mark, markTime } from '../../../controller/api/marks.ts'
import { isFinished } from '../../../controller/core/rollout/state.ts'
import type { Clock } from '../../../controller/ports/clock.ts'
import type { Store, StoredObject } from '../../../controller/ports/store.ts'
import { annotations } from '../../../controller/resources/annotations.ts'
import { RELEASE_LABEL } from '../../../controller/resources/metadata.ts'
import { releaseObjectName } from '../../../controller/resources/names.ts'
import { ENVIRONMENT } from '../aws/shape.ts'
import type { ControllerSeat } from '../process/seat.ts'
import type { Asked } from '../run/asked.ts'
import type { Simulation } from '../run/simulation.ts'

type Marks = Readonly<Record<string, string>>

const OPS = 'ops'
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
  const seat = simulation.seats.find(({ life }) => life?.controller.ready().ready === true)
  let isTaken = false
  const { process, life } = seat ?? {}
  if (seat !== undefined && process !== undefined && life !== undefined)
    process.deliver(() => {
      const taken = (): void => {
        if (isTaken) return
        isTaken = true
        simulation.trace.add('people', `asked to ${Object.values(asked).join(' ')}`)
        simulation.checkers?.asked(asked)
        wake(seat, asked)
        afterwards()
      }
      void put({ store: life.store, clock: process.clock }, asked).then(taken, () => undefined)
    })
  simulation.later(AGAIN_MS, () => {
    if (!isTaken) ask(simulation, asked, { afterwards, tries: tries - 1 })
  })
}

function wake(seat: ControllerSeat, asked: Asked): void {
  if ('release' in asked)
    seat.life?.controller.reconcileRelease({ environment: ENVIRONMENT, release: asked.release })
  else seat.reconcile(ENVIRONMENT)
}

/** The marks of the verb on its object; rejects when there is none, or on trouble with the store. */
async function put(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  asked: Asked,
): Promise<void> {
  const time = (object: StoredObject, ...before: string[]): string => markTime(clock, object, ...before)
  const onEnvironment = { kind: 'Environment', name: ENVIRONMENT } as const
  switch (asked.verb) {
    case 'pause':
      await mark(store, onEnvironment, (object) => ({
        [annotations.paused]: time(object, annotations.paused, annotations.resumed),
        [annotations.pausedBy]: OPS,
      }))
      return
    case 'resume':
      await mark(store, onEnvironment, (object) => ({
        [annotations.resumed]: time(object, annotations.paused, annotations.resumed),
        [annotations.resumedBy]: OPS,
      }))
      return
    case 'retry':
    case 'restart': {
      const [at, by] =
        asked.verb === 'retry'
          ? [annotations.retry, annotations.retryBy]
          : [annotations.restart, annotations.restartBy]
      const name = releaseObjectName({ environment: ENVIRONMENT, release: asked.release })
      await mark(store, { kind: 'Release', name }, (object) => ({ [at]: time(object, at), [by]: OPS }))
      return
    }
    case 'abort':
      return abort({ store, time }, asked.release)
  }
}

async function abort(
  { store, time }: { readonly store: Store; readonly time: (object: StoredObject) => string },
  release: string,
): Promise<void> {
  const { items } = await store.list('Rollout', { labels: { [RELEASE_LABEL]: release } })
  const running = items.find(({ status }) => !isFinished(status))
  if (running === undefined) return
  await mark(store, { kind: 'Rollout', name: running.metadata.name }, (object): Marks | undefined =>
    isFinished(object.status) || object.metadata.annotations?.[annotations.abort] !== undefined
      ? undefined
      : { [annotations.abort]: time(object), [annotations.abortBy]: OPS },
  )
}
