import type { Story } from '../run/story.ts'

const LATE: ReadonlySet<string> = new Set(['late writes', 'a move held up'])

/** Whether some writes come later than their sender waits for an answer, so that another one may come before them. */
export const hasLateWrites = ({ happenings }: Pick<Story, 'happenings'>): boolean =>
  happenings.some(({ kind }) => LATE.has(kind))
