import type { Freeze } from '../../core/freeze.ts'
import { freezeAt } from '../../core/freeze.ts'
import { freezeText } from '../../core/plan/frozen.ts'
import { timestamp } from '../../core/time.ts'
import { annotations } from '../../resources/annotations.ts'
import type { DefaultedFreezeWindow } from '../../resources/generated/environment.ts'
import type { EnvironmentStatus } from '../../resources/types.ts'
import type { StoredObject } from '../../ports/store.ts'
import { overriddenAt } from '../permission.ts'

/** A condition before it knows when it last changed. */
export interface Said {
  readonly type: string
  readonly is: boolean
  readonly reason: string
  readonly message: string
}

/** The Environment as the store has it, at a time in milliseconds since the epoch. */
interface Moment {
  readonly object: StoredObject
  readonly now: number
}

/** The windows of the configuration that the object mirrors. */
const windowsOf = ({ spec }: StoredObject): readonly DefaultedFreezeWindow[] =>
  (spec['freeze'] ?? []) as readonly DefaultedFreezeWindow[]

const freezeNow = ({ object, now }: Moment): Freeze | undefined =>
  freezeAt(windowsOf(object), { now, overriddenAt: overriddenAt(object) })

/** What the status says of the freeze. */
export function freezeFields(session: Moment): EnvironmentStatus {
  const freeze = freezeNow(session)
  return {
    freeze:
      freeze === undefined
        ? undefined
        : {
            windows: [...freeze.windows],
            allowRollback: freeze.allowsRollback,
            ...(freeze.until === undefined ? {} : { until: timestamp(freeze.until) }),
          },
    freezeOverride: overrideOf(session, freeze),
  } as EnvironmentStatus
}

/** The override, while windows are open that it set aside. */
function overrideOf(
  { object, now }: Moment,
  freeze: Freeze | undefined,
): EnvironmentStatus['freezeOverride'] {
  const marks = object.metadata.annotations ?? {}
  const at = marks[annotations.freezeOverridden]
  const open = freezeAt(windowsOf(object), { now, overriddenAt: undefined })?.windows ?? []
  if (at === undefined || open.length === (freeze?.windows ?? []).length) return undefined
  return {
    by: marks[annotations.freezeOverriddenBy] ?? 'somebody',
    at,
    reason: marks[annotations.freezeOverriddenReason] ?? '',
  }
}

/** The condition Frozen. */
export function frozenSaid(session: Moment): Said {
  const freeze = freezeNow(session)
  const way =
    freeze?.allowsRollback === true ? 'a person may go back to a version that served' : 'not even back'
  const message = freeze === undefined ? '' : `no rollout starts, ${way}; ${freezeText(freeze)}`
  const isReadable = freeze?.until !== undefined
  return {
    type: 'Frozen',
    is: freeze !== undefined,
    reason: isReadable ? 'FreezeWindow' : 'FreezeUnreadable',
    message,
  }
}
