import { DescribeTaskDefinitionCommand, type TaskDefinition } from '@aws-sdk/client-ecs'
import type { TaskDefinitionFacts } from '../../../core/observation.ts'
import { PortError } from '../../../ports/error.ts'
import type { Platform } from '../../../ports/platform.ts'
import { createCache } from '../client/cache.ts'
import { knownWord, requiredText } from '../client/members.ts'
import { plainDocument, tagRecord } from '../client/plain.ts'
import { createSharedReads } from '../client/shared-reads.ts'
import type { AwsTools } from '../client/tools.ts'
import { unreadable } from '../client/unreadable.ts'

export interface TaskDefinitionReads extends Pick<Platform, 'taskDefinition' | 'newestTaskDefinition'> {
  /** Keeps a revision that was just registered, which saves reading it. */
  remember(facts: TaskDefinitionFacts): void
}

const revisionsKept = 1_000

export function createTaskDefinitionReads({ clients, send, clock, epoch }: AwsTools): TaskDefinitionReads {
  const cache = createCache<TaskDefinitionFacts>({ clock, maxEntries: revisionsKept })
  const shared = createSharedReads<TaskDefinitionFacts | undefined>(epoch)

  async function describe(name: string): Promise<TaskDefinitionFacts | undefined> {
    const command = new DescribeTaskDefinitionCommand({ taskDefinition: name, include: ['TAGS'] })
    try {
      const answer = await send('ecs:DescribeTaskDefinition', (options) => clients.ecs.send(command, options))
      const facts = taskDefinitionFacts(answer.taskDefinition, answer.tags)
      cache.set(facts.arn, facts)
      return facts
    } catch (error) {
      if (error instanceof PortError && /Unable to describe task definition/i.test(error.message))
        return undefined
      throw error
    }
  }

  return {
    taskDefinition: async (arn) => cache.get(arn) ?? shared.share(arn, () => describe(arn)),
    newestTaskDefinition: (family) => describe(family),
    remember: (facts) => cache.set(facts.arn, facts),
  }
}

type EcsTags =
  readonly { readonly key?: string | undefined; readonly value?: string | undefined }[] | undefined

/** A task definition as described. Documents are large: each revision is held once. */
export function taskDefinitionFacts(
  described: TaskDefinition | undefined,
  tags: EcsTags,
): TaskDefinitionFacts {
  const revision = described?.revision
  if (described === undefined || !Number.isSafeInteger(revision) || revision === undefined || revision < 1) {
    throw unreadable("a task definition's revision")
  }
  return {
    arn: requiredText(described.taskDefinitionArn, "a task definition's ARN"),
    family: requiredText(described.family, "a task definition's family"),
    revision,
    status: knownWord(described.status, ['INACTIVE', 'DELETE_IN_PROGRESS']) ?? 'ACTIVE',
    document: plainDocument(described),
    tags: tagRecord(tags),
  }
}
