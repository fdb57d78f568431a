import type { ReleaseKey } from '../resources/names.ts'
import { CommandError } from './errors.ts'

/** What stands where nothing is known. */
export const NONE = '-'

/** A commit as people quote it. */
export const shortCommit = (commit: string | undefined): string => commit?.slice(0, 8) ?? NONE

/** Family and revision of a task definition's ARN. */
export const shortTaskDefinition = (arn: string | undefined): string => arn?.split('/').at(-1) ?? NONE

/** How long ago an RFC 3339 time was, in one unit, as `5m`; nothing known is `-`. */
export function ago(time: string | undefined, nowMs: number): string {
  return time === undefined ? NONE : roughly(nowMs - Date.parse(time))
}

/** A span in one unit: `45s`, `12m`, `5h`, `3d`. */
export function roughly(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return NONE
  const seconds = Math.max(0, Math.round(durationMs / 1000))
  if (seconds < 120) return `${seconds}s`
  if (seconds < 7_200) return `${Math.floor(seconds / 60)}m`
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)}h`
  return `${Math.floor(seconds / 86_400)}d`
}

/** Takes `ENVIRONMENT/RELEASE` apart. */
export function releaseKeyOf(text: string): ReleaseKey {
  const [environment = '', release = '', ...rest] = text.split('/')
  if (environment !== '' && release !== '' && rest.length === 0) return { environment, release }
  throw new CommandError(`${JSON.stringify(text)} names no release`, {
    remedy: 'give ENVIRONMENT/RELEASE, as prod/web',
  })
}

/** A whole number above zero, as an option was given. */
export function countOf(option: string, text: string): number {
  if (/^[1-9][0-9]{0,6}$/.test(text)) return Number(text)
  throw new CommandError(`${option} is ${JSON.stringify(text)}`, { remedy: 'give a whole number above 0' })
}

/** `1 issue`, `2 issues`. */
export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`
