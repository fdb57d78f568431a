import type { Platform } from '../../../ports/platform.ts'
import type { AwsTools } from '../client/tools.ts'
import { createServiceReads } from './services.ts'
import { createTaskDefinitionReads } from './task-definitions.ts'
import { createTaskReads } from './tasks.ts'
import { createWrites } from './writes.ts'

/** Amazon ECS behind the platform port. */
export function createPlatform(tools: AwsTools): Platform {
  const { taskDefinition, newestTaskDefinition, remember } = createTaskDefinitionReads(tools)
  return {
    services: createServiceReads(tools),
    taskDefinition,
    newestTaskDefinition,
    tasks: createTaskReads(tools),
    ...createWrites(tools, remember),
  }
}
