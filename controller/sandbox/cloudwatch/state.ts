import { AwsError } from '../kernel/error.ts'
import { timestamp } from '../kernel/operation.ts'
import type { CallContext, Members } from '../kernel/operation.ts'
import { present } from '../members.ts'

export const ALARM_STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const
export type AlarmState = (typeof ALARM_STATES)[number]

export interface Alarm {
  readonly name: string
  readonly region: string
  readonly kind: 'MetricAlarm' | 'CompositeAlarm'
  /** What was given to PutMetricAlarm or PutCompositeAlarm, under AWS's own names. */
  readonly members: Members
  /** The metric that it looks at; undefined for composite alarms. */
  readonly series: string | undefined
  readonly state: AlarmState
  readonly reason: string
  readonly configuredAt: number
  readonly updatedAt: number
  /** When the state last became another one. */
  readonly transitionedAt: number
  readonly tags: Readonly<Record<string, string>>
}

/** Alarms of two regions are two. */
export const alarmKey = (name: string, { region }: Pick<CallContext, 'region'>): string => `${region}/${name}`

export const alarmArn = (name: string, { region, accountId }: CallContext): string =>
  `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`

export const noSuchAlarm = (): AwsError => new AwsError('ResourceNotFound', 'Unknown alarm.', 404)

/** The alarm in a state; the time of the change is kept where it is none. */
export function inState(
  alarm: Alarm,
  state: AlarmState,
  why: { readonly reason: string; readonly now: number },
): Alarm {
  return {
    ...alarm,
    state,
    reason: why.reason,
    updatedAt: why.now,
    transitionedAt: alarm.state === state ? alarm.transitionedAt : why.now,
  }
}

/** As DescribeAlarms shows it. */
export function alarmView(alarm: Alarm, context: CallContext): Members {
  const { Tags: _tags, ...members } = alarm.members
  return present({
    ...members,
    AlarmArn: alarmArn(alarm.name, context),
    ActionsEnabled: members['ActionsEnabled'] ?? true,
    OKActions: members['OKActions'] ?? [],
    AlarmActions: members['AlarmActions'] ?? [],
    InsufficientDataActions: members['InsufficientDataActions'] ?? [],
    ...(alarm.kind === 'MetricAlarm' ? { Dimensions: members['Dimensions'] ?? [] } : {}),
    StateValue: alarm.state,
    StateReason: alarm.reason,
    AlarmConfigurationUpdatedTimestamp: timestamp(alarm.configuredAt),
    StateUpdatedTimestamp: timestamp(alarm.updatedAt),
    StateTransitionedTimestamp: timestamp(alarm.transitionedAt),
  })
}
