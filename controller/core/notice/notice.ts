import type { Notification } from '../../resources/generated/environment.ts'
import type { SteersmanEvent } from '../event.ts'

/** What people ask to be told of (`Environment.spec.notify[].on`). */
export type NoticeKind = Notification['on'][number]

/** Something that a person wants to know, in words. */
export interface Notice {
  /** A failure is a way back too, so one notice may be of several kinds; who asked for any of them is told once. */
  readonly kinds: readonly NoticeKind[]
  readonly environment: string
  /** Undefined where it is about the whole environment. */
  readonly release: string | undefined
  readonly rollout: string | undefined
  /** A few words; the rest is in the message. */
  readonly title: string
  readonly message: string
  /** What to do next. */
  readonly next: string
}

/** The notice of an event; undefined where nobody would want to be told. */
export function noticeOf(event: SteersmanEvent): Notice | undefined {
  switch (event.type) {
    case 'RolloutStarted':
      return ofRollout(event, {
        kinds: ['Started'],
        title: 'a rollout begins',
        message: `${event.why}, by ${event.who}, commit ${event.commit.slice(0, 8)}`,
        next: `steersman status ${event.environment}`,
      })
    case 'RolloutFinished':
      return ofEnd(event)
    case 'DecisionAwaited':
      return ofRollout(event, {
        kinds: ['AwaitingApproval'],
        title: `gate ${event.gate} waits for a person${event.until === undefined ? '' : ` until ${event.until}`}`,
        message: event.message,
        next: `steersman approve ${event.rollout} or steersman reject ${event.rollout}`,
      })
    case 'ConditionChanged':
      return ofCondition(event)
    default:
      return undefined
  }
}

type EventOf<Type extends SteersmanEvent['type']> = Extract<SteersmanEvent, { readonly type: Type }>
type Words = Pick<Notice, 'kinds' | 'title' | 'message' | 'next'>

const ofRollout = (
  {
    environment,
    release,
    rollout,
  }: { readonly environment: string; readonly release: string; readonly rollout: string },
  words: Words,
): Notice => ({ environment, release, rollout, ...words })

function ofEnd(event: EventOf<'RolloutFinished'>): Notice | undefined {
  const { environment, release, rollout, outcome, reason, message } = event
  const history = `steersman history ${environment}/${release}`
  if (outcome === 'Succeeded')
    return ofRollout(event, {
      kinds: ['Succeeded'],
      title: 'the new version serves',
      message,
      next: history,
    })
  if (outcome === 'Superseded') return undefined
  const isByPerson = outcome === 'Aborted'
  return ofRollout(event, {
    kinds: isByPerson ? ['RolledBack'] : ['Failed', 'RolledBack'],
    title: isByPerson ? 'the rollout was aborted' : `the version was refused (${reason})`,
    message,
    next: isByPerson ? history : `push a mended commit, or try it again: steersman retry ${rollout}`,
  })
}

const OF_CONDITIONS: Readonly<Record<string, { readonly kind: NoticeKind; readonly title: string }>> = {
  Drifted: { kind: 'Drifted', title: 'somebody changed something by hand' },
  Held: { kind: 'Held', title: 'nothing new begins' },
  Stalled: { kind: 'Stalled', title: 'it can’t go on by itself' },
}

function ofCondition({
  environment,
  release,
  condition,
  status,
  reason,
  message,
}: EventOf<'ConditionChanged'>): Notice | undefined {
  const known = Object.hasOwn(OF_CONDITIONS, condition) ? OF_CONDITIONS[condition] : undefined
  if (known === undefined || !status) return undefined
  const { kind, title } = known
  const where = release === undefined ? environment : `${environment}/${release}`
  const next = kind === 'Drifted' ? `steersman drift ${where}` : `steersman status ${where}`
  return {
    kinds: [kind],
    environment,
    release,
    rollout: undefined,
    title: `${title} (${reason})`,
    message,
    next,
  }
}
