import type { EnvironmentSpec } from '../../support/machine/environment.ts'
import { QUEUE_URL } from '../aws/event-queue.ts'
import { ACCOUNT, REGION } from '../aws/shape.ts'
import type { Story } from './story.ts'

/** How often everything is looked at whatever anybody tells, in seconds. */
export const intervalSeconds = ({ news }: Pick<Story, 'news'>): number => (news === undefined ? 30 : 180)

/** When the environment is looked at, as its spec says it. */
export function looksOf(story: Pick<Story, 'news'>): EnvironmentSpec {
  const source = { interval: `${intervalSeconds(story)}s` }
  if (story.news === undefined) return { source }
  return { source, aws: { region: REGION, accountId: ACCOUNT, events: { queueUrl: QUEUE_URL } } }
}
