import { uuid } from '../kernel/random.ts'
import { lastPart } from './arns.ts'
import type { EcsWorld } from './parts.ts'
import type { ServiceState } from './state.ts'

/** DescribeServices shows this many events. */
const LARGEST_COUNT = 100

/** The service with one more event, newest first; `text` goes on after `(service <name>) `. */
export function withEvent(world: EcsWorld, service: ServiceState, text: string): ServiceState {
  const event = {
    id: uuid(world.random),
    createdAt: world.clock.now(),
    message: `(service ${service.serviceName}) ${text}`,
  }
  return { ...service, events: [event, ...service.events].slice(0, LARGEST_COUNT) }
}

/** Tasks as ECS's events name them: `(task <id>) (task <id>)`. */
export function namedTasks(taskArns: readonly string[]): string {
  return taskArns.map((arn) => `(task ${lastPart(arn)})`).join(' ')
}
