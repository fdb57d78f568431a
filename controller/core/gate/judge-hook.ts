import type { Judgement } from './judgement.ts'

/** What a hook says of a version, and after how many milliseconds it wants to be asked again. */
export interface HookJudgement extends Judgement {
  readonly pauseMs?: number
}

/** Longer pauses are cut: the gate's timeout ends it anyway. */
const LONGEST_PAUSE_SECONDS = 3_600

/**
 * The answer of a lifecycle hook, as ECS takes it: `{"hookStatus": "SUCCEEDED" | "FAILED" | "IN_PROGRESS", "callBackDelay": seconds}`. One without a
 * status that is known says nothing; none of it is repeated, as it may hold secrets.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
 */
export function judgeHook(who: string, body: string): HookJudgement {
  const answer = parsed(body)
  switch (answer['hookStatus']) {
    case 'SUCCEEDED':
      return { result: 'Success', message: `${who} says SUCCEEDED` }
    case 'FAILED':
      return { result: 'Failure', message: `${who} says FAILED` }
    case 'IN_PROGRESS':
      return {
        result: 'Inconclusive',
        message: `${who} says IN_PROGRESS: it has not decided yet`,
        ...pause(answer['callBackDelay']),
      }
    default:
      return {
        result: 'Inconclusive',
        message: `${who} answered without a hookStatus; expected SUCCEEDED, FAILED or IN_PROGRESS`,
      }
  }
}

function pause(delay: unknown): { readonly pauseMs?: number } {
  if (typeof delay !== 'number' || !(delay > 0)) return {}
  return { pauseMs: Math.max(1, Math.min(delay, LONGEST_PAUSE_SECONDS)) * 1000 }
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
