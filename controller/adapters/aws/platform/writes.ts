import {
  CreateServiceCommand,
  RegisterTaskDefinitionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
  type Service,
} from '@aws-sdk/client-ecs'
import type { ServiceFacts, TaskDefinitionFacts } from '../../../core/observation.ts'
import type { Platform } from '../../../ports/platform.ts'
import { tagList } from '../client/plain.ts'
import type { AwsTools } from '../client/tools.ts'
import { afterWrite, unreadable } from '../client/unreadable.ts'
import { withRawBody } from './raw-request.ts'
import { serviceFacts } from './service-facts.ts'
import { taskDefinitionFacts } from './task-definitions.ts'

type Writes = Pick<
  Platform,
  'registerTaskDefinition' | 'createService' | 'updateService' | 'tagService' | 'untagService'
>

/** ECS's writes, each one attempt. `onRegistered` gets every new revision. */
export function createWrites(
  { clients, send }: AwsTools,
  onRegistered: (facts: TaskDefinitionFacts) => void,
): Writes {
  return {
    async registerTaskDefinition({ document, tags }) {
      const command = withRawBody(
        new RegisterTaskDefinitionCommand({ family: String(document['family']), containerDefinitions: [] }),
        { ...document, ...mergedTags(document['tags'], tags) },
      )
      const answer = await send(
        'ecs:RegisterTaskDefinition',
        (options) => clients.ecs.send(command, options),
        { secrets: contentOf(document['containerDefinitions']) },
      )
      if (answer.taskDefinition === undefined) throw unreadable('the task definition', { ambiguous: true })
      const described = answer.taskDefinition
      const taskDefinition = afterWrite(() => taskDefinitionFacts(described, answer.tags ?? tagList(tags)))
      onRegistered(taskDefinition)
      return { requestId: answer.$metadata.requestId, taskDefinition }
    },

    async createService({ service, settings, tags, target, ...request }) {
      const command = withRawBody(new CreateServiceCommand({ serviceName: service.name }), {
        ...settings,
        ...request,
        cluster: service.cluster,
        serviceName: service.name,
        ...(target === undefined ? {} : { loadBalancers: [target] }),
        ...mergedTags(settings['tags'], tags),
      })
      const answer = await send('ecs:CreateService', (options) => clients.ecs.send(command, options))
      return { requestId: answer.$metadata.requestId, service: written(answer.service) }
    },

    async updateService({ service, settings, ...absolute }) {
      const command = withRawBody(new UpdateServiceCommand({ service: service.name }), {
        ...settings,
        ...absolute,
        cluster: service.cluster,
        service: service.name,
      })
      const answer = await send('ecs:UpdateService', (options) => clients.ecs.send(command, options))
      return { requestId: answer.$metadata.requestId, service: written(answer.service) }
    },

    ...createTagWrites({ clients, send }),
  }
}

function createTagWrites({
  clients,
  send,
}: Pick<AwsTools, 'clients' | 'send'>): Pick<Writes, 'tagService' | 'untagService'> {
  return {
    async tagService({ arn, tags }) {
      const command = new TagResourceCommand({ resourceArn: arn, tags: tagList(tags) })
      const answer = await send('ecs:TagResource', (options) => clients.ecs.send(command, options))
      return { requestId: answer.$metadata.requestId }
    },

    async untagService({ arn, keys }) {
      const command = new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] })
      const answer = await send('ecs:UntagResource', (options) => clients.ecs.send(command, options))
      return { requestId: answer.$metadata.requestId }
    },
  }
}

/** The service as a write's answer shows it. */
function written(service: Service | undefined): ServiceFacts {
  if (service === undefined) throw unreadable('the service', { ambiguous: true })
  return afterWrite(() => serviceFacts(service))
}

/** Members of a container in whose values people put secrets in spite of every warning. */
const secretive = ['environment', 'command', 'entryPoint', 'dockerLabels', 'healthCheck', 'logConfiguration']

/** Texts of containers that nothing may repeat. */
export function contentOf(containers: unknown): readonly string[] {
  if (!Array.isArray(containers)) return []
  return containers.flatMap((container: unknown) =>
    secretive.flatMap((member) =>
      typeof container === 'object' && container !== null ? textsIn(Reflect.get(container, member)) : [],
    ),
  )
}

/** Every text below a value but the names: AWS names a variable to say which one it refuses. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => (key === 'name' ? [] : textsIn(inner)))
}

/** The document's own tags with ours added, or nothing: ECS refuses a key that is there twice. */
export function mergedTags(
  own: unknown,
  ours: Readonly<Record<string, string>>,
): { readonly tags?: readonly unknown[] } {
  const kept: unknown[] = Array.isArray(own) ? own.filter((tag: unknown) => !hasKeyOf(tag, ours)) : []
  const tags = [...kept, ...tagList(ours)]
  return tags.length === 0 ? {} : { tags }
}

function hasKeyOf(tag: unknown, record: Readonly<Record<string, string>>): boolean {
  if (typeof tag !== 'object' || tag === null || !('key' in tag)) return false
  return typeof tag.key === 'string' && Object.hasOwn(record, tag.key)
}
