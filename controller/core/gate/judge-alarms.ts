import { timestamp } from '../time.ts'
import type { Judgement } from './judgement.ts'

/** A CloudWatch alarm as it stands. */
export interface AlarmFacts {
  readonly name: string
  /** Unknown: a state that CloudWatch may have in the future. */
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | 'Unknown'
  /** When its state last changed, in milliseconds since the epoch; 0 where that is not known. */
  readonly since: number
}

export interface AlarmQuestion {
  readonly names: readonly string[]
  /** What an alarm counts for that went red before the rollout began. */
  readonly alreadyRed: 'Fail' | 'Ignore'
  readonly rolloutStartedAt: number
}

/**
 * What alarms say of a version. Any that is red fails it; one without data or that does not exist says nothing, since then nobody watches what it
 * was meant to watch. CodeDeploy and ECS stop for ALARM alone, which lets a version pass under an alarm that never had data.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
export function judgeAlarms(question: AlarmQuestion, alarms: readonly AlarmFacts[]): Judgement {
  const byName = new Map(alarms.map((alarm) => [alarm.name, alarm]))
  const verdicts = question.names.map((name) => judge(question, name, byName.get(name)))
  for (const result of ['Failure', 'Inconclusive'] as const) {
    const found = verdicts.filter((verdict) => verdict.result === result)
    if (found.length > 0) return { result, message: shown(found) }
  }
  const ignored = verdicts.filter(({ message }) => message !== '')
  const ok = verdicts.length - ignored.length
  return { result: 'Success', message: shown([...(ok > 0 ? [{ message: countOf(ok) }] : []), ...ignored]) }
}

function judge(question: AlarmQuestion, name: string, alarm: AlarmFacts | undefined): Judgement {
  switch (alarm?.state) {
    case 'OK':
      return { result: 'Success', message: '' }
    case 'ALARM':
      return judgeRed(question, alarm)
    case 'INSUFFICIENT_DATA':
      return inconclusive(
        `alarm ${name} is in INSUFFICIENT_DATA; if no data is good news, let it treat missing data as notBreaching`,
      )
    case 'Unknown':
      return inconclusive(`alarm ${name} is in a state that Steersman does not know`)
    case undefined:
      return inconclusive(
        `alarm ${name} does not exist in this account and region; create it, or correct the gate`,
      )
  }
}

function judgeRed({ alreadyRed, rolloutStartedAt }: AlarmQuestion, { name, since }: AlarmFacts): Judgement {
  if (since >= rolloutStartedAt || since === 0)
    return {
      result: 'Failure',
      message: `alarm ${name} is in ALARM${since === 0 ? '' : ` since ${timestamp(since)}`}`,
    }
  const message = `alarm ${name} was in ALARM already before the rollout began, since ${timestamp(since)}`
  return alreadyRed === 'Ignore'
    ? { result: 'Success', message: `${message}, and is ignored until it is OK` }
    : {
        result: 'Failure',
        message: `${message}; mend what is red and retry, or set alreadyRed: Ignore for the version that mends it`,
      }
}

const inconclusive = (message: string): Judgement => ({ result: 'Inconclusive', message })
const countOf = (ok: number): string => (ok === 1 ? '1 alarm is OK' : `${ok} alarms are OK`)

/** Verdicts that a message shows; more are counted. */
const MOST_SHOWN = 3

function shown(verdicts: readonly { readonly message: string }[]): string {
  const more = verdicts.length - MOST_SHOWN
  const texts = verdicts.slice(0, MOST_SHOWN).map(({ message }) => message)
  return [...texts, ...(more > 0 ? [`${more} more`] : [])].join('; ')
}
