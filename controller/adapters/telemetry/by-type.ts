import type { SteersmanEvent } from '../../core/event.ts'

type EventType = SteersmanEvent['type']

export type EventOf<Type extends EventType> = Extract<SteersmanEvent, { readonly type: Type }>

/** What each type of event means to a sink: total, so that a new event does not compile until somebody has decided it. */
export type ByEventType<Result> = { readonly [Type in EventType]: (event: EventOf<Type>) => Result }

/** Asks the record's function for this event. */
export function forEvent<Result>(record: ByEventType<Result>, event: SteersmanEvent): Result {
  const decide = record[event.type] as (event: SteersmanEvent) => Result
  return decide(event)
}
